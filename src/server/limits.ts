/** How much of everything there may be, so that nobody can use the server up. */

/** What an owner may change; the rest is fixed below. */
export interface Limits {
  /** Boards that are kept, in memory or on disk. */
  readonly maxBoards: number;
  /** Connections in all. */
  readonly maxViewers: number;
  /** Connections from one address; what they may send together grows with it ({@link messagesOfAddress}). */
  readonly maxViewersPerAddress: number;
  /** Boards that one address may make at once, and how long until it may make another. */
  readonly boardsAtOnce: number;
  readonly boardEveryMs: number;
  /** Trees of searches that are kept, one of a board each. */
  readonly maxTrees: number;
  /** A board that nobody looks at leaves the memory after this time. */
  readonly forgetAfterMs: number;
  /** Who has not said hello by then is sent away. */
  readonly helloWithinMs: number;
  /** Between two pings; who has not answered the last by the next is gone. */
  readonly pingEveryMs: number;
  /** Messages that a connection may send at once, and in a second in the long run. */
  readonly messagesAtOnce: number;
  readonly messagesPerSecond: number;
  /** Bytes not yet taken by a viewer beyond which it gets no changes, and the whole board once it has caught up. */
  readonly behindBytes: number;
  /** How long it may stay that far behind. */
  readonly behindForMs: number;
  /** Least time between two moves of a game of hane against itself, so that people can follow. */
  readonly paceMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxBoards: 1000,
  maxViewers: 1000,
  maxViewersPerAddress: 100,
  boardsAtOnce: 20,
  boardEveryMs: 30_000,
  maxTrees: 32,
  forgetAfterMs: 5 * 60_000,
  helloWithinMs: 10_000,
  pingEveryMs: 20_000,
  messagesAtOnce: 120,
  messagesPerSecond: 40,
  behindBytes: 1024 * 1024,
  behindForMs: 30_000,
  paceMs: 500,
};

/** Messages of an address, of all its connections together, at once and in a second: so many for each connection that it may have. */
const AT_ONCE_A_VIEWER = 6;
const A_SECOND_A_VIEWER = 2;

/** What an address may send; never less than one connection. */
export const messagesOfAddress = ({
  messagesAtOnce,
  messagesPerSecond,
  maxViewersPerAddress,
}: Limits): { readonly atOnce: number; readonly perSecond: number } => ({
  atOnce: Math.max(messagesAtOnce, AT_ONCE_A_VIEWER * maxViewersPerAddress),
  perSecond: Math.max(messagesPerSecond, A_SECOND_A_VIEWER * maxViewersPerAddress),
});

/** Messages that count as more than one: what they make the server do takes so much longer. */
export const COSTS: Readonly<Record<string, number>> = { create: 5, load: 20, score: 10, open: 2 };

/** Bytes of a message that count as another one: they are read before anything of it is known. */
export const BYTES_A_MESSAGE: number = 64 * 1024;

/** Moves before a position that count as another message: it is found by playing them. */
export const MOVES_A_MESSAGE = 1000;

/** Moves of a board that count as another message wherever it is changed: all of them are written. */
export const NODES_A_MESSAGE = 4000;

/** Bytes of messages that wait to be done, beyond which no more of them are read. */
export const MOST_WAITING_BYTES: number = 256 * 1024;

/** Messages beyond the rate after which a connection is closed. */
export const MOST_REFUSED = 200;

/** Wrong tokens after which a connection is closed. */
export const MOST_WRONG_TOKENS = 5;

/** Bytes not yet taken by a viewer beyond which only the newest analysis is kept for it. */
export const ANALYSIS_BEHIND_BYTES: number = 64 * 1024;

/** How long the server waits at its end for what viewers have not taken and for files that are being written. */
export const FAREWELL_MS = 2000;
