/** GoGui's extensions: setting up, and the list of commands whose answers it draws (goguiDrawings.ts). */
import { PLANES, planeName } from '../../../features/planes.ts';
import { BLACK, EMPTY, type Move, type SetupStone } from '../../../engine/types.ts';
import type { Game } from '../../../engine/game.ts';
import { readColor, readVertex } from '../arguments.ts';
import type { GtpEngine } from '../engine.ts';
import { GtpError } from '../gtpError.ts';
import type { Handler } from './handler.ts';

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

const ANALYZE_COMMANDS = [
  'gfx/Search: candidates with win rates/hane-candidates',
  'gfx/Search: candidates with visits/hane-visits',
  'gfx/Search: best line/hane-line',
  'dboard/Search: ownership/hane-territory',
  'gfx/Policy heat map/hane-policy',
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
  /** Declares that the comment `# interrupt` is understood (loop.ts). */
  'gogui-interrupt': () => {},
  /** Tells that the client is GoGui, which draws what comes on stderr. */
  'gogui-version': ({ engine: { settings } }) => {
    if (settings.liveGraphics === 'none') settings.liveGraphics = 'line';
  },
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
};
