/** The thread that reads records for recordReader.ts. */
import { parentPort } from 'node:worker_threads';
import { readSgf, type ReadGame } from './readSgf.ts';
import { RequestError } from './requestError.ts';

/** What comes back of a record: first that it is read now, then the game, or why there is none. */
export type RecordAnswer =
  | 'begun'
  | { readonly game: ReadGame }
  | { readonly refusal: string }
  | { readonly failure: string };

const read = (bytes: Uint8Array): RecordAnswer => {
  try {
    return { game: readSgf(bytes) };
  } catch (error) {
    if (error instanceof RequestError) return { refusal: error.message };
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
};

const port = parentPort!;
port.on('message', (bytes: Uint8Array) => {
  port.postMessage('begun' satisfies RecordAnswer);
  port.postMessage(read(bytes));
});
