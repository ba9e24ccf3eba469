/** What messages from outside have to look like. Fields that nobody here knows are dropped: a newer page may send them. */
import { z } from 'zod';
import { ANALYSIS_MODES, BOARD_SIZES, COLOR_LETTERS, LEVELS, THINKING_SECONDS } from './protocol/board.ts';
import { MOST_SGF_BYTES, type ClientMessage } from './protocol/messages.ts';
import { ID } from './ids.ts';
import { RequestError } from './requestError.ts';

/** Komi of any rules is far within. */
export const MOST_KOMI = 150;

/** Characters of a token. */
const LONGEST_TOKEN = 256;

/** Characters of what is quoted in an error. */
const LONGEST_QUOTE = 40;

const RULES = ['chinese', 'japanese', 'aga', 'tromp-taylor'] as const;

const id = z.int().min(0);
const node = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);
/** A vertex of the largest board; whether it is on this one is for others to say. */
const vertex = z
  .string()
  .regex(/^(?:[A-HJ-Za-hj-z](?:[1-9]|1[0-9]|2[0-5])|[Pp][Aa][Ss][Ss])$/, 'a vertex such as "D4", or "pass"');
const color = z.enum(COLOR_LETTERS);
/** Who plays a color. */
export const seat = z.union([z.literal('human'), z.literal(LEVELS)], {
  error: `"human", or a level from ${LEVELS[0]} to ${LEVELS.length}`,
});
export const seconds = z.literal(THINKING_SECONDS);
export const komi = z.number().min(-MOST_KOMI).max(MOST_KOMI).multipleOf(0.5);
const board = z.string().regex(ID, 'the name of a board, 22 letters long');
const sgf = z
  .string()
  .max(4 * Math.ceil(MOST_SGF_BYTES / 3), `at most ${MOST_SGF_BYTES} bytes`)
  .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'base64');

const newGame = z.object({
  size: z.literal(BOARD_SIZES),
  komi,
  rules: z.enum(RULES),
  handicap: z.int().refine(stones => stones === 0 || (stones >= 2 && stones <= 9), '0, or from 2 to 9'),
  black: seat,
  white: seat,
  seconds,
});

const clientMessage = z.discriminatedUnion('type', [
  z.object({
    id,
    type: z.literal('hello'),
    protocol: z.int().min(0),
    token: z.string().max(LONGEST_TOKEN).optional(),
  }),
  z.object({ id, type: z.literal('create'), game: newGame }),
  z.object({ id, type: z.literal('open'), board }),
  z.object({ id, type: z.literal('leave') }),
  z.object({ id, type: z.literal('play'), node, vertex }),
  z.object({ id, type: z.literal('goto'), node }),
  z.object({ id, type: z.literal('undo') }),
  z.object({ id, type: z.literal('remove'), node }),
  z.object({ id, type: z.literal('genmove') }),
  z.object({ id, type: z.literal('setPlaying'), isPlaying: z.boolean() }),
  z.object({ id, type: z.literal('setPlayers'), black: seat, white: seat, seconds }),
  z.object({ id, type: z.literal('setAnalysis'), mode: z.enum(ANALYSIS_MODES) }),
  z.object({ id, type: z.literal('resign'), color }),
  z.object({ id, type: z.literal('score') }),
  z.object({ id, type: z.literal('toggleDead'), vertex }),
  z.object({ id, type: z.literal('acceptScore') }),
  z.object({ id, type: z.literal('cancelScore') }),
  z.object({ id, type: z.literal('load'), sgf }),
  z.object({ id, type: z.literal('look'), node }),
]);

type Parsed = z.infer<typeof clientMessage>;
/** The types agree both ways: every message that is let in is one, and every message there is, is let in. */
const isEach: [Parsed] extends [ClientMessage] ? ([ClientMessage] extends [Parsed] ? true : never) : never =
  true;
void isEach;

/** The id of a message that may be wrong otherwise; undefined if it has none. */
export const readId = (message: unknown): number | undefined => {
  if (typeof message !== 'object' || message === null || !('id' in message)) return undefined;
  const parsed = id.safeParse(message.id);
  return parsed.success ? parsed.data : undefined;
};

/** @throws RequestError `malformed` naming the field and what it may be */
export const parseMessage = (message: unknown): ClientMessage => {
  const { success, data, error } = clientMessage.safeParse(message);
  if (success) return data;
  const [{ path, message: why }] = error.issues;
  const value = path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    message,
  );
  const where = path.length > 0 ? `${path.join('.')} ${quote(value)}: ` : '';
  throw new RequestError('malformed', `${where}${why}`);
};

const quote = (value: unknown): string => {
  // It may be nested more deeply than can be written.
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[...]' : '{...}';
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text;
};
