/** A query of KataGo's analysis protocol, read and checked. Source: KataGo, docs/Analysis_Engine.md. */
import { Game } from '../../engine/game.ts';
import { LINE_LENGTH } from '../../engine/search/report.ts';
import type { Restriction } from '../../engine/search/restrictions.ts';
import { BLACK, WHITE, type Color, type Move, type Rules, type SetupStone } from '../../engine/types.ts';
import { makeVertex, type Dimensions } from '../../engine/coords.ts';
import {
  isFields,
  readBoardSize,
  readFlag,
  readInteger,
  readIntegers,
  readLocations,
  readMoves,
  readNumber,
  readPlayer,
  type Fields,
} from './fields.ts';
import { QueryError } from './queryError.ts';
import { readHandicapBonus, readRules } from './rules.ts';
import { overrideSettings, type QuerySettings } from './settings.ts';

/** The game of a query. */
export interface QueryGame extends Dimensions {
  readonly rules: Rules;
  readonly komi: number;
  readonly setup: readonly SetupStone[];
  readonly firstPlayer: Color;
  readonly moves: readonly Move[];
}

/** One position of a query. */
export interface QueryTurn {
  /** Moves played before it. */
  readonly turn: number;
  /** The highest goes first. */
  readonly priority: number;
}

export interface AnalysisQuery {
  readonly id: string;
  readonly game: QueryGame;
  readonly turns: readonly QueryTurn[];
  readonly settings: QuerySettings;
  readonly restrictions: readonly Restriction[];
  /** Moves of a line. */
  readonly lineLength: number;
  readonly includes: {
    readonly ownership: boolean;
    readonly movesOwnership: boolean;
    readonly policy: boolean;
    readonly pvVisits: boolean;
  };
  /** Milliseconds between reports and before the first one; undefined if none are wanted. */
  readonly reportEveryMs: number | undefined;
  readonly firstReportMs: number | undefined;
}

/** A doubt that does not keep a query from being answered. */
export interface QueryWarning {
  readonly field: string;
  readonly warning: string;
}

const MOST_PRIORITY = 2 ** 62;
/** Stands for "only once": longer than any search. */
const NEVER_MS = 2 ** 31 - 1;

const FIELDS = new Set(
  `id action moves initialStones initialPlayer rules komi whiteHandicapBonus boardXSize boardYSize analyzeTurns maxVisits
  analysisPVLen rootPolicyTemperature rootFpuReductionMax includeOwnership includeMovesOwnership includePolicy includePVVisits
  avoidMoves allowMoves overrideSettings reportDuringSearchEvery firstReportDuringSearchAfter priority priorities`.split(
    /\s+/,
  ),
);

/**
 * Reads everything but the id, in KataGo's order, so that the same query gets the same complaint.
 * @param defaults settings where the query says nothing
 * @throws QueryError naming the field
 */
export const readQuery = (
  id: string,
  fields: Fields,
  defaults: QuerySettings,
): { readonly query: AnalysisQuery; readonly warnings: readonly QueryWarning[] } => {
  const warnings: QueryWarning[] = Object.keys(fields)
    .filter(field => !FIELDS.has(field))
    .map(field => ({ field, warning: 'Unexpected or unused field' }));
  const board = readBoardSize(fields);
  const setup = readSetup(fields, board);
  if (fields['moves'] === undefined)
    throw new QueryError('moves', 'Must specify an array of [player,location] pairs');
  const moves = readMoves(fields, 'moves', board, true);
  const firstPlayer = readPlayer(fields, 'initialPlayer') ?? moves[0]?.color ?? playerAfter(setup);
  const turns = readTurns(fields, moves.length);
  const { rules, friendlyPass, komi, warning } = readRules(fields);
  if (warning !== undefined) warnings.push({ field: 'rules', warning });
  const settings = { ...defaults, parameters: { ...defaults.parameters, friendlyPass } };
  const game = {
    ...board,
    setup,
    moves,
    firstPlayer,
    komi: readNumber(fields, 'komi', [-150, 150], 'Must be a number from -150.0 to 150.0') ?? komi,
    rules: { ...rules, handicapBonus: readHandicapBonus(fields) ?? rules.handicapBonus },
  };
  const unknown = overrideSettings(settings, fields);
  if (unknown.length > 0)
    warnings.push({ field: 'overrideSettings', warning: `Unknown config params: ${unknown.join(',')}` });
  readSearchFields(fields, settings);
  const query = {
    id,
    game,
    turns,
    settings,
    lineLength:
      readInteger(fields, 'analysisPVLen', [1, 1000], 'Must be an integer from 1 to 1000') ?? LINE_LENGTH,
    includes: {
      movesOwnership: readFlag(fields, 'includeMovesOwnership'),
      ownership: readFlag(fields, 'includeOwnership'),
      policy: readFlag(fields, 'includePolicy'),
      pvVisits: readFlag(fields, 'includePVVisits'),
    },
    ...readReports(fields),
    restrictions: readRestrictions(fields, board),
  };
  checkGame(game);
  return { query, warnings };
};

/** The position of a turn. Assumes a query that was checked. */
export const gameAt = ({ setup, firstPlayer, moves, ...options }: QueryGame, turn: number): Game => {
  const game = new Game(options);
  game.setup(setup, firstPlayer, countHandicap(setup));
  for (let i = 0; i < turn; i++) game.play(moves[i].point, moves[i].color);
  return game;
};

/** Stones that count as handicap: Black's, if White has none. */
const countHandicap = (setup: readonly SetupStone[]): number =>
  setup.length >= 2 && setup.every(({ color }) => color === BLACK) ? setup.length : 0;

const playerAfter = (setup: readonly SetupStone[]): Color => (countHandicap(setup) > 0 ? WHITE : BLACK);

/** The stones put up, one a point: the last one named counts. */
const readSetup = (fields: Fields, board: Dimensions): SetupStone[] => {
  if (fields['initialStones'] === undefined) return [];
  const stones = readMoves(fields, 'initialStones', board, false);
  return [...new Map(stones.map(stone => [stone.point, stone])).values()];
};

const readTurns = (fields: Fields, moveCount: number): QueryTurn[] => {
  const turns = readIntegers(
    fields,
    'analyzeTurns',
    'Must specify an array of integers indicating turns to analyze',
  );
  for (const turn of turns ?? [])
    if (turn < 0 || turn > moveCount) throw new QueryError('analyzeTurns', `Invalid turn number: ${turn}`);
  const priorities = readIntegers(
    fields,
    'priorities',
    'Must specify an array of integers indicating priorities',
  );
  const priority =
    readInteger(
      fields,
      'priority',
      [-MOST_PRIORITY, MOST_PRIORITY],
      'Must be a number between -2^62 and 2^62',
    ) ?? 0;
  if (priorities) {
    if (!turns) throw new QueryError('priorities', 'Can only specify when also specifying analyzeTurns');
    if (priorities.length !== turns.length)
      throw new QueryError('priorities', 'Must be of matching length to analyzeTurns');
    if (fields['priority'] !== undefined)
      throw new QueryError('priority', 'Cannot specify both priority and priorities');
  }
  const byTurn = new Map((turns ?? [moveCount]).map((turn, i) => [turn, priorities?.[i] ?? priority]));
  return [...byTurn]
    .map(([turn, ownPriority]) => ({ turn, priority: ownPriority }))
    .toSorted((a, b) => a.turn - b.turn);
};

const readSearchFields = (fields: Fields, settings: QuerySettings): void => {
  settings.visits =
    readInteger(fields, 'maxVisits', [1, 2 ** 50], 'Must be an integer from 1 to 2^50') ?? settings.visits;
  const rootFpuReduction = readNumber(
    fields,
    'rootFpuReductionMax',
    [0, 2],
    'Must be a number from 0.0 to 2.0',
  );
  const rootPolicyTemperature = readNumber(
    fields,
    'rootPolicyTemperature',
    [0.01, 100],
    'Must be a number from 0.01 to 100.0',
  );
  settings.parameters = {
    ...settings.parameters,
    ...(rootFpuReduction === undefined ? {} : { rootFpuReduction }),
    ...(rootPolicyTemperature === undefined ? {} : { rootPolicyTemperature }),
  };
};

const readReports = (fields: Fields): Pick<AnalysisQuery, 'reportEveryMs' | 'firstReportMs'> => {
  const read = (field: string): number | undefined => {
    const message = 'Must be number of seconds from 0.001 to 1000000.0';
    const seconds = readNumber(fields, field, [0.001, 1e6], message);
    return seconds === undefined ? undefined : 1000 * seconds;
  };
  const every = read('reportDuringSearchEvery');
  const first = read('firstReportDuringSearchAfter');
  if (every === undefined && first === undefined)
    return { reportEveryMs: undefined, firstReportMs: undefined };
  return { reportEveryMs: every ?? NEVER_MS, firstReportMs: first ?? every };
};

const readRestrictions = (fields: Fields, board: Dimensions): Restriction[] => {
  const { allowMoves, avoidMoves } = fields;
  if (allowMoves === undefined && avoidMoves === undefined) return [];
  if (allowMoves !== undefined && avoidMoves !== undefined)
    throw new QueryError('allowMoves', 'Cannot specify both allowMoves and avoidMoves');
  const field = allowMoves === undefined ? 'avoidMoves' : 'allowMoves';
  const list = fields[field];
  const dicts = "Must be a list of dicts with subfields 'player', 'moves', 'untilDepth'";
  if (!Array.isArray(list)) throw new QueryError(field, dicts);
  if (allowMoves !== undefined && list.length > 1)
    throw new QueryError(field, 'Currently allowMoves only allows one entry');
  return list.map((item: unknown) => {
    if (!isFields(item)) throw new QueryError(field, dicts);
    const color = readPlayer(item, 'player');
    const plies = readInteger(item, 'untilDepth', [1, 1e9], 'Must be a positive integer');
    if (color === undefined || plies === undefined || item['moves'] === undefined)
      throw new QueryError(field, dicts);
    const points = readLocations(item, 'moves', board);
    return { kind: allowMoves === undefined ? 'avoid' : 'allow', color, points, plies };
  });
};

/** Plays the game once, as tolerant as GTP's play. @throws QueryError for stones or a move that no board can hold */
const checkGame = (queried: QueryGame): void => {
  const game = new Game(queried);
  if (!game.setup(queried.setup, queried.firstPlayer))
    throw new QueryError('initialStones', 'Stones without liberties');
  for (const [i, { point, color }] of queried.moves.entries()) {
    if (game.whyUnplayable(point, color) !== undefined)
      throw new QueryError('moves', `Illegal move ${i}: ${makeVertex(point, game)}`);
    game.play(point, color);
  }
};
