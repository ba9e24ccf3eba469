/** A board as it is kept in a file, and whether a file holds one. */
import { z } from 'zod';
import { isBoardSize, parseVertex } from '../../engine/coords.ts';
import { RULE_SETS, type RuleSetName } from '../../engine/rules.ts';
import { ID } from './ids.ts';
import { ANALYSIS_MODES, COLOR_LETTERS, type BoardState } from './protocol/board.ts';
import { MOST_NODES } from './protocol/messages.ts';
import { isSound } from './soundness.ts';
import { MOST_KOMI, seat, seconds } from './schema.ts';

/** Grows when an older server could not read the file. */
const FORMAT = 1;

/** What of a board outlasts the server. */
export interface SavedBoard {
  readonly state: Omit<BoardState, 'viewers' | 'isThinking'>;
  /** Id of the next node: larger than any there was. */
  readonly nextNode: number;
}

const count = z.int().min(0);
const text = z.string().max(64 * 1024);
const vertex = z.string().max(4);
const vertices = z.array(vertex).max(625);
const color = z.enum(COLOR_LETTERS);
const scoreText = z.string().max(32);
const isRuleSet = (name: string): name is RuleSetName => Object.hasOwn(RULE_SETS, name);

const savedBoard = z.object({
  format: z.literal(FORMAT),
  nextNode: z.int().min(1),
  state: z.object({
    board: z.string().regex(ID),
    revision: count,
    start: z.object({
      width: count,
      height: count,
      komi: z.number().min(-MOST_KOMI).max(MOST_KOMI),
      rules: z.custom<RuleSetName>(name => typeof name === 'string' && isRuleSet(name)),
      handicap: count,
      setup: z.array(z.object({ color, vertex })).max(625),
      toPlay: color,
      comment: text.exactOptional(),
    }),
    black: seat,
    white: seat,
    seconds,
    names: z.object({ black: text.exactOptional(), white: text.exactOptional() }),
    nodes: z
      .array(z.object({ id: z.int().min(1), parent: count, color, vertex, comment: text.exactOptional() }))
      .max(MOST_NODES),
    current: count,
    isPlaying: z.boolean(),
    analysis: z.enum(ANALYSIS_MODES),
    scoring: z
      .object({ dead: vertices, score: scoreText, territory: z.object({ B: vertices, W: vertices }) })
      .nullable(),
    result: scoreText.nullable(),
    // Boards of before have none.
    resultNode: count.nullable().default(null),
    outlooks: z.array(
      z.object({ node: count, winrate: z.number().exactOptional(), lead: z.number().exactOptional() }),
    ),
  }),
});

/** As the text of a file. */
export const makeSavedBoard = ({ state, nextNode }: SavedBoard): string =>
  `${JSON.stringify({ format: FORMAT, nextNode, state: { ...state, viewers: undefined, isThinking: undefined } })}\n`;

/** @throws Error if the file holds no board, or one that could not be played on */
export const parseSavedBoard = (content: string): SavedBoard => {
  const parsed = savedBoard.safeParse(JSON.parse(content));
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new Error(`${path.join('.')}: ${message}`);
  }
  const { state, nextNode } = parsed.data;
  const { start, nodes, current, scoring } = state;
  if (!isBoardSize(start.width, start.height)) throw new Error(`no board is ${start.width}x${start.height}`);
  const isPoint = (each: string): boolean => parseVertex(each, start) !== undefined;
  if (!start.setup.every(stone => isPoint(stone.vertex)) || !(scoring?.dead ?? []).every(isPoint))
    throw new Error('stones beside the board');
  if (!isSound(start, nodes, current, nextNode)) throw new Error('its moves make no game');
  return { state, nextNode };
};
