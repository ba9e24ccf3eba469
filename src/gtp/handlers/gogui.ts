/** GoGui's extensions: setting up, and commands whose answers it draws on the board. */
import { makeVertex } from '../../../engine/coords.ts';
import { isTrueEye } from '../../../engine/eyes.ts';
import type { Game } from '../../../engine/game.ts';
import { playoutOwnership } from '../../../engine/judge.ts';
import { BLACK, EMPTY, WHITE, type Move, type Point, type SetupStone } from '../../../engine/types.ts';
import { encode, planeSize } from '../../../features/encode.ts';
import {
  LADDER_CAPTURE,
  LADDER_ESCAPE,
  PADDING,
  PLANES,
  describePlane,
  planeName,
} from '../../../features/planes.ts';
import { heatColor, heatOf } from '../../draw/heat.ts';
import { readColor, readInteger, readVertex } from '../arguments.ts';
import type { GtpEngine } from '../engine.ts';
import { GtpError } from '../gtpError.ts';
import type { Handler } from './handler.ts';

/** Moves less likely than this get neither color nor number. */
const LEAST_SHOWN = 0.001;

/** Pairs of a color and a vertex, as `gogui-setup` and others take them. */
export const readStones = (words: readonly string[], game: Game): Move[] => {
  if (words.length % 2 !== 0) throw new GtpError('syntax error');
  const stones: Move[] = [];
  for (let i = 0; i < words.length; i += 2)
    stones.push({ color: readColor(words[i]), point: readVertex(words[i + 1], game) });
  return stones;
};

/** A position of stones only. @throws GtpError, with the game as it was, if it is no position */
export const setUp = ({ game }: GtpEngine, stones: readonly SetupStone[]): void => {
  const points = new Set(stones.map(({ point }) => point));
  const isBoard = stones.every(({ point }) => game.board.indexOf[point] >= 0);
  if (points.size !== stones.length || !isBoard) throw new GtpError('illegal move');
  if (!game.setup(stones, BLACK)) throw new GtpError('a chain without liberties');
};

const hex = (rgb: readonly number[]): string =>
  `#${rgb.map(part => part.toString(16).padStart(2, '0')).join('')}`;

/** One command a line: each color with its points. */
const colorLines = (colors: ReadonlyMap<string, readonly string[]>): string[] =>
  Array.from(colors, ([color, vertices]) => `COLOR ${color} ${vertices.join(' ')}`);

const group = (groups: Map<string, string[]>, key: string, vertex: string): void => {
  const list = groups.get(key);
  if (list) list.push(vertex);
  else groups.set(key, [vertex]);
};

const vertexOf = (game: Game, index: number): string => makeVertex(game.board.points[index], game);

/** The points where a plane is 1, as policy indices. */
const planePoints = (game: Game, plane: number): number[] => {
  const { width, height } = game;
  const size = planeSize(width, height);
  const planes = new Float32Array(PLANES * size);
  encode(game, planes);
  return Array.from({ length: width * height }, (_, i) => i).filter(i => {
    const y = Math.floor(i / width) + PADDING;
    return planes[plane * size + y * (width + 2 * PADDING) + (i % width) + PADDING] === 1;
  });
};

const mark = (game: Game, color: string, plane: number): string[] => {
  const points = planePoints(game, plane).map(i => vertexOf(game, i));
  return points.length > 0 ? [`COLOR ${color} ${points.join(' ')}`] : [];
};

/** A board of numbers for `dboard`, + for Black. */
const dboard = ({ width, height }: Game, values: Float32Array, sign: number): string =>
  Array.from({ length: height }, (_row, y) =>
    Array.from({ length: width }, (_cell, x) => (sign * values[y * width + x]).toFixed(3)).join(' '),
  ).join('\n');

const ANALYZE_COMMANDS = [
  'gfx/Policy heat map/hane-policy',
  'gfx/Candidates with win rates/hane-candidates',
  'dboard/Ownership by the network/hane-ownership',
  'dboard/Ownership by playouts/hane-playouts',
  'sboard/Liberties/hane-liberties',
  'gfx/Ladders/hane-ladders',
  'gfx/True eyes/hane-eyes',
  'plist/Legal moves/all_legal %m',
  'plist/Dead stones/final_status_list dead',
  'plist/Stones in seki/final_status_list seki',
  'string/Score/final_score',
  'hstring/Last move explained/gomill-explain_last_move',
  'param/Settings/hane-param',
  'hstring/About/gomill-describe_engine',
  ...Array.from(
    { length: PLANES },
    (_, plane) => `gfx/Plane ${plane} ${planeName(plane)}/hane-plane ${plane}`,
  ),
];

const assertEmpty = ({ board, moveCount }: Game): void => {
  if (moveCount > 0 || board.points.some(point => board.stones[point] !== EMPTY))
    throw new GtpError('board not empty');
};

export const goguiHandlers: Record<string, Handler> = {
  'gogui-analyze_commands': () => ANALYZE_COMMANDS.join('\n'),
  /** Declares that `# interrupt` is understood; a move takes no time worth interrupting. */
  'gogui-interrupt': () => {},
  'gogui-version': () => {},
  'gogui-title': () => {},
  /** All or nothing. */
  'gogui-play_sequence': ({ engine }, words) => {
    const { game } = engine;
    const moves = readStones(words, game);
    const before = game.moveCount;
    for (const { color, point } of moves) {
      if (game.whyUnplayable(point, color)) {
        while (game.moveCount > before) game.undo();
        throw new GtpError('illegal move');
      }
      game.play(point, color);
    }
  },
  'gogui-setup': ({ engine }, words) => {
    const stones = readStones(words, engine.game);
    assertEmpty(engine.game);
    setUp(engine, stones);
  },
  'gogui-setup_player': ({ engine }, [color]) => {
    engine.game.toPlay = readColor(color);
  },
  /** KataGo's: any stones, without a history. */
  set_position: ({ engine }, words) => setUp(engine, readStones(words, engine.game)),
  'hane-policy': async ({ engine }) => {
    const { game } = engine;
    const { policy } = await engine.evaluate(game.toPlay, engine.settings.symmetries === 8 ? 'mean' : 0);
    const { area } = game.board;
    const largest = Math.max(...policy.subarray(0, area));
    const colors = new Map<string, string[]>();
    const labels: string[] = [];
    for (let i = 0; i < area; i++) {
      if (policy[i] < LEAST_SHOWN) continue;
      group(colors, hex(heatColor(heatOf(policy[i], largest))), vertexOf(game, i));
      labels.push(`${vertexOf(game, i)} ${(100 * policy[i]).toFixed(policy[i] < 0.1 ? 1 : 0)}`);
    }
    const pass = policy[area] > 0 ? [`TEXT pass ${(100 * policy[area]).toFixed(1)} %`] : [];
    return [...colorLines(colors), ...(labels.length > 0 ? [`LABEL ${labels.join(' ')}`] : []), ...pass].join(
      '\n',
    );
  },
  'hane-candidates': async ({ engine }) => {
    const { game } = engine;
    const { candidates, value, lead } = await engine.analyze(game.toPlay, {});
    const shown = candidates.filter(({ point }) => game.board.indexOf[point] >= 0);
    const colors = new Map<string, string[]>();
    for (const { point, prior } of shown)
      group(colors, hex(heatColor(heatOf(prior, shown[0].prior))), makeVertex(point, game));
    const percent = (chance: number): string => (50 * (1 + chance)).toFixed(0);
    const labels = shown.flatMap(({ point, value: chance }) =>
      chance === undefined ? [] : [`${makeVertex(point, game)} ${percent(chance)}`],
    );
    const text = [
      ...(value === undefined ? [] : [`win rate ${percent(value)} %`]),
      ...(lead === undefined ? [] : [`lead ${lead.toFixed(1)}`]),
    ];
    return [
      ...colorLines(colors),
      ...(labels.length > 0 ? [`LABEL ${labels.join(' ')}`] : []),
      ...(text.length > 0 ? [`TEXT ${text.join(', ')}`] : []),
    ].join('\n');
  },
  'hane-ownership': async ({ engine }) => {
    const { game } = engine;
    const { ownership } = await engine.evaluate(game.toPlay, 0);
    if (!ownership) throw new GtpError('this network says nothing about ownership: hane-playouts does');
    return dboard(game, ownership, game.toPlay === BLACK ? 1 : -1);
  },
  'hane-playouts': ({ engine: { game } }) => dboard(game, playoutOwnership(game.board, game.toPlay), 1),
  'hane-liberties': ({ engine: { game } }) => {
    const { board, width, height } = game;
    const cell = (point: Point): string =>
      board.stones[point] === EMPTY ? '""' : String(board.libertiesOf(point));
    return Array.from({ length: height }, (_row, y) =>
      Array.from({ length: width }, (_cell, x) => cell(board.points[y * width + x])).join(' '),
    ).join('\n');
  },
  /** Moves of the player to move that capture in a ladder, red, and that escape from one, green. */
  'hane-ladders': ({ engine: { game } }) =>
    [...mark(game, '#e03020', LADDER_CAPTURE), ...mark(game, '#30a040', LADDER_ESCAPE)].join('\n'),
  'hane-eyes': ({ engine: { game } }) => {
    const { board } = game;
    const lines: string[] = [];
    for (const [color, command] of [
      [BLACK, 'BLACK'],
      [WHITE, 'WHITE'],
    ] as const) {
      const eyes = Array.from(board.points).filter(point => isTrueEye(board, point, color));
      if (eyes.length > 0) lines.push(`${command} ${eyes.map(point => makeVertex(point, game)).join(' ')}`);
    }
    return lines.join('\n');
  },
  /** `hane-plane N`: where the plane is 1. */
  'hane-plane': ({ engine: { game } }, [text]) => {
    const plane = readInteger(text);
    if (plane < 0 || plane >= PLANES) throw new GtpError(`the plane must be 0 to ${PLANES - 1}`);
    return [...mark(game, '#ff8800', plane), `TEXT ${describePlane(plane)}`].join('\n');
  },
  all_legal: ({ engine: { game } }, [colorText]) => {
    const color = readColor(colorText);
    return Array.from(game.board.points)
      .filter(point => game.isLegal(point, color))
      .map(point => makeVertex(point, game))
      .join(' ');
  },
};
