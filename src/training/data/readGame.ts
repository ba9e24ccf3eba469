/**
 * From a game of an SGF file to a record of a dataset, or the reason why it is left out. A network learns every move, so a game
 * whose record cannot be followed to its end is left out whole; the reasons are few and fixed, so that they can be counted.
 */
import { Game } from '../../../engine/game.ts';
import { RULE_SETS, type RuleSetName } from '../../../engine/rules.ts';
import { BLACK, PASS, WHITE, type Rules } from '../../../engine/types.ts';
import { parseSgf, type SgfNode } from '../../sgf/parse.ts';
import { readRecord, type GameRecord, type Result } from '../../sgf/record.ts';
import { SgfError, type SgfErrorCode } from '../../sgf/sgfError.ts';
import { whyFiltered, type GameFilters } from './filters.ts';
import { BOARD, encodeGame, type GameContent } from './gameRecord.ts';
import { normalizeKomi } from './komi.ts';
import { parseRank } from './rank.ts';

/** One SGF file. */
export interface SourceFile {
  /** As in {@link GameContent}. */
  readonly source: string;
  readonly isHuman: boolean;
  readonly bytes: Uint8Array;
}

/** A game read, or left out. */
export type Outcome = { readonly source: string; readonly isHuman: boolean } & (
  | { readonly record: Uint8Array }
  | { readonly reason: string }
);

const FILE_REASONS: Readonly<Record<SgfErrorCode, string>> = {
  syntax: 'not SGF, or broken off',
  empty: 'no game in the file',
  encoding: 'unknown encoding',
  size: 'another game than Go, or a board over 25x25',
  move: 'set-up stones without liberties',
  archive: 'unreadable',
};

/** What readRecord says of a record that it could not follow, and what that counts as. */
const PROBLEM_REASONS: readonly (readonly [RegExp, string])[] = [
  [/^set-up stones after move/, 'set-up stones after the first move'],
  [/is no point of the board: the rest/, 'a move off the board'],
  [/is no point of the board: left out/, 'a set-up stone off the board'],
];

/** Fewer Black stones are no handicap. */
const LEAST_HANDICAP = 2;

/** All games of a file; those after the first have `#2` and so on after their source. Scratch games may be shared between calls. */
export const readGames = (
  file: SourceFile,
  filters: GameFilters,
  scratch: Game = new Game(BOARD),
): Outcome[] => {
  const { source, isHuman } = file;
  let roots: readonly SgfNode[];
  try {
    roots = parseSgf(file.bytes);
  } catch (error) {
    return [{ source, isHuman, reason: reasonOf(error) }];
  }
  return roots.map((root, i) => {
    const of = { source: i === 0 ? source : `${source}#${i + 1}`, isHuman };
    const game = readGame(root, of, scratch);
    if (typeof game === 'string') return { ...of, reason: game };
    const reason = whyFiltered(game, filters);
    return reason === undefined ? { ...of, record: encodeGame(game) } : { ...of, reason };
  });
};

const reasonOf = (error: unknown): string => {
  if (error instanceof SgfError) return FILE_REASONS[error.code];
  throw error;
};

/** The game, or why it cannot be used. */
const readGame = (
  root: SgfNode,
  of: Pick<GameContent, 'source' | 'isHuman'>,
  scratch: Game,
): GameContent | string => {
  let record: GameRecord;
  try {
    record = readRecord(root);
  } catch (error) {
    return reasonOf(error);
  }
  const { width, height, setup, toPlay, moves, problems } = record;
  if (width !== BOARD.width || height !== BOARD.height) return `a board of ${width}x${height}, not 19x19`;
  for (const [pattern, reason] of PROBLEM_REASONS)
    if (problems.some(problem => pattern.test(problem))) return reason;
  const handicap = handicapOf(record);
  if (handicap === undefined) return 'handicap without its stones';
  const reason = whyUnplayable(record, scratch);
  if (reason !== undefined) return reason;
  return {
    ...of,
    komi: normalizeKomi(record.komi, originOf(root)),
    handicap,
    result: normalizeResult(record.result),
    rules: nameOf(record.rules),
    blackRank: parseRank(record.blackRank),
    whiteRank: parseRank(record.whiteRank),
    year: yearOf(record.date),
    toPlay: moves[0]?.color ?? toPlay,
    setup,
    moves,
  };
};

/** The application and the place that a record names. */
const originOf = ({ properties }: SgfNode): string =>
  [...(properties['AP'] ?? []), ...(properties['PC'] ?? [])].join(' ');

/** Handicap stones, set up or played one after another; undefined if there should be some and are none. */
const handicapOf = ({ handicap, setup, toPlay, moves }: GameRecord): number | undefined => {
  const blacks = setup.filter(({ color }) => color === BLACK).length;
  if (handicap === 0)
    return blacks === setup.length && blacks >= LEAST_HANDICAP && toPlay === WHITE ? blacks : 0;
  if (blacks >= LEAST_HANDICAP) return blacks;
  const first = moves.findIndex(({ color, point }) => color !== BLACK || point === PASS);
  const played = first < 0 ? moves.length : first;
  return played >= LEAST_HANDICAP ? played : undefined;
};

/** Plays the game through under simple ko and without suicide: what the network may be taught to play. */
const whyUnplayable = ({ setup, toPlay, moves }: GameRecord, game: Game): string | undefined => {
  if (!game.setup(setup, toPlay)) return FILE_REASONS.move;
  const { board } = game;
  for (const { color, point } of moves) {
    if (point !== PASS && !board.isLegal(point, color))
      return board.stones[point] !== 0
        ? 'a move on an occupied point'
        : board.isSuicide(point, color)
          ? 'a suicide'
          : 'a ko taken back at once';
    game.play(point, color);
  }
  return undefined;
};

/** Fox writes "W+0.0" where it knows only who won. */
const normalizeResult = (result: Result | undefined): Result | undefined =>
  result && 'margin' in result && result.margin === 0 ? { winner: result.winner, by: 'unknown' } : result;

const nameOf = (rules: Rules | undefined): RuleSetName | undefined =>
  rules && (Object.keys(RULE_SETS) as RuleSetName[]).find(name => RULE_SETS[name] === rules);

const yearOf = (date: string | undefined): number | undefined => {
  const year = /(?<!\d)(1[5-9]|20)\d\d(?!\d)/.exec(date ?? '');
  return year ? Number(year[0]) : undefined;
};
