import type { GtpEngine } from '../engine.ts';

/** What a command may do beside changing the engine. */
export interface Session {
  readonly engine: GtpEngine;
  /** Ends the session after the response to this command. */
  readonly quit: () => void;
  /** Writes a message for people, outside of the protocol. */
  readonly warn: (message: string) => void;
}

/**
 * Does what one command asks for.
 * @returns the text of the response, several lines if need be; nothing for an empty one
 * @throws GtpError if the command fails; anything else thrown is an internal error
 */
export type Handler = (session: Session, args: readonly string[]) => string | void | Promise<string | void>;

/** Handlers by the name of their command, in the order in which `list_commands` gives them. */
export type Handlers = ReadonlyMap<string, Handler>;
