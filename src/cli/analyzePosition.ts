/** `hane analyze --move N`: what the network thinks of a position, on a board in the terminal or as a picture. */
import { BLACK } from '../../engine/types.ts';
import { pictureOf, type BoardPicture } from '../draw/boardPicture.ts';
import { drawBoardSvg } from '../draw/boardSvg.ts';
import { drawBoardText } from '../draw/boardText.ts';
import { heatOf } from '../draw/heat.ts';
import type { Evaluation } from '../../engine/analysis.ts';
import { evaluate } from '../inference/evaluate.ts';
import { loadPosition } from '../sgf/replay.ts';
import type { Game } from '../../engine/game.ts';
import { openNetwork, type NetworkOptions } from './networkOptions.ts';
import { describeChances, readGameFile, topMoves, usesColor, writePicture } from './position.ts';

export interface PositionOptions extends NetworkOptions {
  readonly move?: number;
  readonly game?: number;
  readonly out?: string;
  readonly top: number;
  readonly symmetries: 1 | 8;
}

/** Moves less likely than this have no number on the board. */
const LEAST_NUMBERED = 0.01;

/** Shows one position of a game. @param file an SGF file @throws UserError, SgfError */
export const analyzePosition = async (file: string, options: PositionOptions): Promise<void> => {
  const record = await readGameFile(file, (options.game ?? 1) - 1);
  const game = loadPosition(record, options.move ?? record.moves.length);
  const evaluator = await openNetwork(options);
  try {
    const evaluation = await evaluate(evaluator, game, options.symmetries);
    const title = `${record.black ?? 'Black'} - ${record.white ?? 'White'}, move ${game.moveCount}, ${playerName(game)} to play`;
    const lines = listMoves(game, evaluation, options.top);
    if (options.out !== undefined)
      await writePicture(
        options.out,
        drawBoardSvg(heatPicture(game, evaluation), { title, caption: captionOf(lines) }),
        1000,
      );
    const board = drawBoardText(heatPicture(game, evaluation), {
      color: usesColor(),
      beside: ['', ...lines],
    });
    process.stdout.write(`${title}\n${board}\n`);
  } finally {
    await evaluator.close();
  }
};

const playerName = (game: Game): string => (game.toPlay === BLACK ? 'Black' : 'White');

/** The board with its probabilities: color for each move, percent for those that matter. */
export const heatPicture = (game: Game, { policy }: Evaluation): BoardPicture => {
  const area = game.board.area;
  const largest = Math.max(...policy.subarray(0, area));
  return {
    ...pictureOf(game),
    heat: Array.from(policy.subarray(0, area), probability => heatOf(probability, largest)),
    labels: Array.from(policy.subarray(0, area), probability =>
      probability >= LEAST_NUMBERED ? percent(probability) : undefined,
    ),
  };
};

/** A line for each of the best moves and one for the chances. */
export const listMoves = (game: Game, evaluation: Evaluation, count: number): string[] => {
  const moves = topMoves(game, evaluation.policy, count).map(
    ({ vertex, probability }) => `${vertex.padEnd(4)} ${(100 * probability).toFixed(1).padStart(5)} %`,
  );
  const chances = describeChances(game, evaluation);
  return chances === undefined ? moves : [...moves, '', chances];
};

/** Percent without the sign, two or three characters. */
const percent = (probability: number): string => Math.round(100 * probability).toString();

/** The list in columns, for under a picture. */
const captionOf = (lines: readonly string[]): string[] => {
  const moves = lines
    .filter(line => line.endsWith('%') && !line.includes('wins'))
    .map(line => line.replace(/ +/g, ' '));
  const rest = lines.filter(line => line !== '' && !moves.includes(line.replace(/ +/g, ' ')));
  const rows: string[] = [];
  for (let i = 0; i < moves.length; i += 5) rows.push(moves.slice(i, i + 5).join('  ·  '));
  return [...rest, ...rows];
};
