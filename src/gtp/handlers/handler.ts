import type { GtpEngine } from '../engine.ts';

/** What a command may do beside changing the engine. */
export interface Session {
  readonly engine: GtpEngine;
  /** Ends the session after the response to this command. */
  readonly quit: () => void;
  /** Writes a message for people, outside of the protocol. */
  readonly warn: (message: string) => void;
  /** Writes lines for programs that read stderr, exactly as they are. */
  readonly report: (lines: string) => void;
}

/** A response in lines that come one by one: the head at once, then what `run` emits, then the end. */
export class Stream {
  /** Emits lines; what it emits after `signal` is dropped. */
  readonly run: (emit: (line: string) => void, signal: AbortSignal) => Promise<void>;
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
