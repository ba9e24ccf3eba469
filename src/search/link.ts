/** The way to where searches run. */
import { Worker, type MessagePort } from 'node:worker_threads';

/** A thread, or a port to something that serves searches (server.ts). */
export type SearchLink = Worker | MessagePort;

/** Has something done when the other side has gone. */
export const onEnd = (link: SearchLink, listener: () => void): void => {
  if (link instanceof Worker) link.once('exit', listener);
  else link.once('close', listener);
};
