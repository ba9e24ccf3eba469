/** What a command is given and what it gives back. */
import type { GtpEngine } from '../engine.ts';

/** What one command may do beside changing the engine, and what it should heed. */
export interface Session {
  readonly engine: GtpEngine;
  /** Ends the session after the response to this command. */
  readonly quit: () => void;
  /** Writes a message for people, outside of the protocol. */
  readonly warn: (message: string) => void;
  /** Writes lines for programs that read stderr, exactly as they are. */
  readonly report: (lines: string) => void;
  /** Aborted when the command is to end with what it has: `# interrupt`, or a session that ends. */
  readonly hurry: AbortSignal;
  /** Aborted by the next line of input, whatever it is; perhaps before the command begins. */
  readonly nextLine: AbortSignal;
}

/**
 * A response in lines that come one by one: the head, what `run` emits, the end. The head comes at once if it is endless, else
 * with the first line; until then `run` may fail as a {@link Handler} does.
 */
export class Stream {
  /** Emits lines; what it emits after the end is dropped. */
  readonly run: (emit: (line: string) => void) => Promise<void>;
  /** Whether the response goes on until the next line of input, whatever that is; else it ends with `run`. */
  readonly isEndless: boolean;

  constructor(run: Stream['run'], { isEndless }: { readonly isEndless: boolean }) {
    this.run = run;
    this.isEndless = isEndless;
  }
}

/** What a handler gives back: the text of the response, several lines if need be; nothing for an empty one. */
export type Answer = string | void | Stream;

/**
 * Does what one command asks for.
 * @throws GtpError if the command fails; anything else thrown is an internal error
 */
export type Handler = (session: Session, args: readonly string[]) => Answer | Promise<Answer>;

/** Handlers by the name of their command, in the order in which `list_commands` gives them. */
export type Handlers = ReadonlyMap<string, Handler>;
