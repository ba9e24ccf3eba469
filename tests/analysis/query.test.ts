import { describe, expect, test } from 'vitest';
import { BLACK, WHITE } from '../../engine/types.ts';
import { RULE_SETS } from '../../engine/rules.ts';
import { gameAt, readQuery, type AnalysisQuery } from '../../src/analysis/query.ts';
import { QueryError } from '../../src/analysis/queryError.ts';
import type { Fields } from '../../src/analysis/fields.ts';
import { DEFAULTS, query } from './support.ts';

const read = (fields: object): { query: AnalysisQuery; warnings: readonly unknown[] } =>
  readQuery('a', query('a', fields) as Fields, DEFAULTS);

const complaint = (fields: object): [string | undefined, string] => {
  try {
    read(fields);
  } catch (error) {
    if (error instanceof QueryError) return [error.field, error.message];
    throw error;
  }
  return [undefined, 'no complaint'];
};

test.each([
  [{ boardXSize: 1 }, 'boardXSize', 'Must provide an integer from 2 to 25'],
  [{ boardYSize: '9' }, 'boardYSize', 'Must provide an integer from 2 to 25'],
  [{ boardYSize: undefined }, 'boardYSize', 'Must provide an integer from 2 to 25'],
  [{ moves: undefined }, 'moves', 'Must specify an array of [player,location] pairs'],
  [{ moves: 'D4' }, 'moves', 'Must be an array of pairs of the form: ["b" or "w", GTP board vertex]'],
  [{ moves: [['B']] }, 'moves', 'Must be an array of pairs of the form: ["b" or "w", GTP board vertex]'],
  [{ moves: [['X', 'D4']] }, 'moves', 'Could not parse player: X'],
  [{ moves: [['B', 'I4']] }, 'moves', 'Could not parse board location: I4'],
  [{ moves: [['B', '(9,0)']] }, 'moves', 'Could not parse board location: (9,0)'],
  [
    {
      moves: [
        ['B', 'D4'],
        ['W', 'D4'],
      ],
    },
    'moves',
    'Illegal move 1: D4',
  ],
  [{ initialStones: [['B', 'pass']] }, 'initialStones', 'Could not parse board location: pass'],
  [
    {
      initialStones: [
        ['B', 'A1'],
        ['W', 'A2'],
        ['W', 'B1'],
      ],
    },
    'initialStones',
    'Stones without liberties',
  ],
  [{ initialPlayer: 'red' }, 'initialPlayer', 'Must be "b" or "w"'],
  [{ analyzeTurns: 'all' }, 'analyzeTurns', 'Must specify an array of integers indicating turns to analyze'],
  [{ analyzeTurns: [1] }, 'analyzeTurns', 'Invalid turn number: 1'],
  [{ priorities: [1] }, 'priorities', 'Can only specify when also specifying analyzeTurns'],
  [{ analyzeTurns: [0], priorities: [1, 2] }, 'priorities', 'Must be of matching length to analyzeTurns'],
  [
    { analyzeTurns: [0], priorities: [1], priority: 1 },
    'priority',
    'Cannot specify both priority and priorities',
  ],
  [{ priority: 'high' }, 'priority', 'Must be a number between -2^62 and 2^62'],
  [{ rules: 'moon' }, 'rules', 'Could not parse rules: moon'],
  [{ rules: { ko: 'MAYBE' } }, 'rules', 'Could not parse rules: {"ko":"MAYBE"}'],
  [
    { rules: 7 },
    'rules',
    'Must specify rules string, such as "chinese" or "tromp-taylor", or a JSON object with detailed rules parameters.',
  ],
  [{ komi: 151 }, 'komi', 'Must be a number from -150.0 to 150.0'],
  [{ whiteHandicapBonus: 'M' }, 'whiteHandicapBonus', 'Must be one of 0, N, N-1'],
  [{ overrideSettings: [] }, 'overrideSettings', 'Must be an object'],
  [
    { overrideSettings: { maxTime: 'soon' } },
    'overrideSettings',
    'Could not set settings: maxTime must be a number from 0 to 100000000000000000000',
  ],
  [{ maxVisits: 0 }, 'maxVisits', 'Must be an integer from 1 to 2^50'],
  [{ maxVisits: 1.5 }, 'maxVisits', 'Must be an integer from 1 to 2^50'],
  [{ analysisPVLen: 0 }, 'analysisPVLen', 'Must be an integer from 1 to 1000'],
  [{ rootPolicyTemperature: 0 }, 'rootPolicyTemperature', 'Must be a number from 0.01 to 100.0'],
  [{ includePolicy: 'yes' }, 'includePolicy', 'Must be a boolean'],
  [
    { reportDuringSearchEvery: 0 },
    'reportDuringSearchEvery',
    'Must be number of seconds from 0.001 to 1000000.0',
  ],
  [{ allowMoves: [], avoidMoves: [] }, 'allowMoves', 'Cannot specify both allowMoves and avoidMoves'],
  [{ allowMoves: [{}, {}] }, 'allowMoves', 'Currently allowMoves only allows one entry'],
  [
    { avoidMoves: {} },
    'avoidMoves',
    "Must be a list of dicts with subfields 'player', 'moves', 'untilDepth'",
  ],
  [
    { avoidMoves: [{ player: 'B', moves: ['D4'] }] },
    'avoidMoves',
    "Must be a list of dicts with subfields 'player', 'moves', 'untilDepth'",
  ],
  [
    { avoidMoves: [{ player: 'B', moves: [4], untilDepth: 1 }] },
    'moves',
    'Must be an array of GTP board vertices',
  ],
  [
    { avoidMoves: [{ player: 'B', moves: ['D4'], untilDepth: 0 }] },
    'untilDepth',
    'Must be a positive integer',
  ],
])('%j is refused in the words of KataGo', (fields, field, message) => {
  expect(complaint(fields)).toEqual([field, message]);
});

test('without turns the last position is analyzed, with turns each of them once and with its priority', () => {
  const moves = [
    ['B', 'D4'],
    ['W', 'pass'],
    ['b', '(0,0)'],
  ];
  expect(read({ moves, priority: 3 }).query.turns).toEqual([{ turn: 3, priority: 3 }]);
  expect(read({ moves, analyzeTurns: [2, 0, 2], priorities: [5, 1, 5] }).query.turns).toEqual([
    { turn: 0, priority: 1 },
    { turn: 2, priority: 5 },
  ]);
});

describe('the player to move', () => {
  test.each([
    ['Black on the empty board', {}, 0, BLACK],
    ['the one who is named', { initialPlayer: 'w' }, 0, WHITE],
    ['the one who moves first', { moves: [['W', 'D4']] }, 0, WHITE],
    [
      'White after handicap stones',
      {
        initialStones: [
          ['B', 'C3'],
          ['B', 'G7'],
        ],
      },
      0,
      WHITE,
    ],
    [
      'Black after stones of both',
      {
        initialStones: [
          ['B', 'C3'],
          ['W', 'G7'],
        ],
      },
      0,
      BLACK,
    ],
    [
      'the opponent of the last mover',
      {
        moves: [
          ['B', 'D4'],
          ['B', 'E5'],
        ],
        analyzeTurns: [2],
      },
      2,
      WHITE,
    ],
  ])('is %s', (_, fields, turn, player) => {
    expect(gameAt(read(fields).query.game, turn).toPlay).toBe(player);
  });
});

describe('rules', () => {
  test.each([
    ['japanese', RULE_SETS.japanese],
    ['New Zealand', RULE_SETS['new-zealand']],
    ['{"ko":"SIMPLE","scoring":"AREA","suicide":false,"whiteHandicapBonus":"N"}', RULE_SETS.chinese],
    [{ ko: 'SIMPLE', scoring: 'TERRITORY', tax: 'SEKI', suicide: false }, RULE_SETS.japanese],
    [{}, RULE_SETS['tromp-taylor']],
  ])('%j are known', (rules, expected) => {
    const { query: read_, warnings } = read({ rules });
    expect(read_.game.rules).toEqual(expected);
    expect(warnings).toEqual([]);
  });

  test.each([
    ['stone_scoring', RULE_SETS.chinese, 'Rules stone_scoring not supported, using chinese instead'],
    [{ hasButton: true }, RULE_SETS['tromp-taylor'], 'Rules not supported: hasButton (using none)'],
  ])('%j become the nearest that are known, with a warning', (rules, expected, warning) => {
    const { query: read_, warnings } = read({ rules });
    expect(read_.game.rules).toEqual(expected);
    expect(warnings).toEqual([{ field: 'rules', warning }]);
  });

  test('give the komi and how a game ends where the query does not', () => {
    expect(read({ komi: undefined }).query.game.komi).toBe(7.5);
    expect(read({ komi: undefined, rules: 'korean' }).query.game.komi).toBe(6.5);
    expect(read({ rules: 'tromp-taylor' }).query.settings.parameters.friendlyPass).toBe(false);
    expect(read({ rules: 'chinese' }).query.settings.parameters.friendlyPass).toBe(true);
  });

  test('handicap stones are worth what the query says', () => {
    const initialStones = [
      ['B', 'C3'],
      ['B', 'G7'],
    ];
    expect(gameAt(read({ initialStones }).query.game, 0).whiteBonus).toBe(9);
    expect(gameAt(read({ initialStones, whiteHandicapBonus: 'N-1' }).query.game, 0).whiteBonus).toBe(8);
    expect(gameAt(read({ initialStones, whiteHandicapBonus: '0' }).query.game, 0).whiteBonus).toBe(7);
  });
});

describe('settings', () => {
  test('of KataGo change the search', () => {
    const { query: read_, warnings } = read({
      maxVisits: 7,
      rootPolicyTemperature: 1.5,
      overrideSettings: {
        reportAnalysisWinratesAs: 'SIDETOMOVE',
        maxTime: '8.0',
        maxPlayouts: 50,
        cpuctExploration: 1.2,
        rootFpuReductionMax: 0,
      },
    });
    expect(warnings).toEqual([]);
    expect(read_.settings).toEqual({
      visits: 7,
      playouts: 50,
      timeMs: 8000,
      view: 'SIDETOMOVE',
      parameters: { friendlyPass: true, rootPolicyTemperature: 1.5, cPuct: 1.2, rootFpuReduction: 0 },
    });
  });

  test('noise at the root makes its priors flatter', () => {
    const { settings } = read({ overrideSettings: { wideRootNoise: 0.04, rootPolicyTemperature: 2 } }).query;
    expect(settings.parameters.rootPolicyTemperature).toBeCloseTo(2 * 1.16);
  });

  test('that are not known, and fields that are not, are warned of', () => {
    expect(read({ colour: 1, overrideSettings: { humanSLProfile: 'rank_5k', magic: 1 } }).warnings).toEqual([
      { field: 'colour', warning: 'Unexpected or unused field' },
      { field: 'overrideSettings', warning: 'Unknown config params: humanSLProfile,magic' },
    ]);
  });

  test('of one query do not change the next', () => {
    read({ overrideSettings: { maxTime: 1, cpuctExploration: 3 } });
    expect(DEFAULTS).toEqual({
      visits: 20,
      playouts: undefined,
      timeMs: undefined,
      view: 'BLACK',
      parameters: {},
    });
  });
});
