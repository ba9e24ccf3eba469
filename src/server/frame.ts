import type { ServerMessage } from './protocol/messages.ts';

/** A message as it is sent: made once, however many take it. */
export const makeFrame = (message: ServerMessage): Buffer => Buffer.from(JSON.stringify(message));
