/** What the network says, raw: KataGo's `kata-raw-nn`, which is LizzieYzy's heat map, and Leela Zero's `heatmap`. */
import type { Evaluation } from '../../../engine/analysis.ts';
import type { Game } from '../../../engine/game.ts';
import { WHITE, type Color } from '../../../engine/types.ts';
import { SYMMETRIES, keepsShape } from '../../../features/symmetry.ts';
import { readColor, readInteger } from '../arguments.ts';
import { GtpError } from '../gtpError.ts';
import type { Handler } from './handler.ts';

const float = (value: number): string => value.toFixed(6);

const readSymmetry = (text: string | undefined, game: Game): number => {
  const symmetry = readInteger(text);
  if (symmetry < 0 || symmetry >= SYMMETRIES) throw new GtpError('the symmetry must be 0 to 7 or all');
  // A rectangular board has no transpositions: LizzieYzy asks for a random one of 8 nevertheless.
  return keepsShape(symmetry, game) ? symmetry : symmetry & 3;
};

/** Rows of the board from the top, one number a point. */
const rows = ({ width, height }: Game, cell: (index: number) => string): string[] =>
  Array.from({ length: height }, (_row, y) =>
    Array.from({ length: width }, (_cell, x) => cell(y * width + x)).join(' '),
  );

const rawBlock = (
  game: Game,
  color: Color,
  symmetry: number,
  { policy, value, lead, ownership }: Evaluation,
): string[] => {
  const sign = color === WHITE ? 1 : -1;
  const lines = [`symmetry ${symmetry}`];
  if (value !== undefined)
    lines.push(
      `whiteWin ${float((1 + sign * value) / 2)}`,
      `whiteLoss ${float((1 - sign * value) / 2)}`,
      'noResult 0.000000',
    );
  if (lead !== undefined)
    lines.push(`whiteLead ${float(sign * lead)}`, `whiteScoreSelfplay ${float(sign * lead)}`);
  lines.push(
    'policy',
    ...rows(game, index => (policy[index] > 0 ? float(policy[index]) : 'NAN')),
    `policyPass ${float(policy[game.board.area])}`,
  );
  if (ownership) lines.push('whiteOwnership', ...rows(game, index => float(sign * ownership[index])));
  return lines;
};

/** Leela Zero's table: thousandths by point, then passing and the win rate. */
const heatTable = (game: Game, { policy, value }: Evaluation): string => {
  const { width, height } = game;
  const cell = (index: number): string => String(Math.round(1000 * policy[index])).padStart(3);
  const lines = Array.from({ length: height }, (_row, y) =>
    Array.from({ length: width }, (_cell, x) => `${cell(y * width + x)} `).join(''),
  );
  lines.push(`pass: ${Math.round(1000 * policy[game.board.area])}`);
  if (value !== undefined) lines.push(`winrate: ${((1 + value) / 2).toFixed(6)}`);
  return lines.join('\n');
};

export const networkHandlers: Record<string, Handler> = {
  /** `kata-raw-nn [color] SYMMETRY|all [optimism]` */
  'kata-raw-nn': async ({ engine }, words) => {
    const args = [...words];
    const { game } = engine;
    const color = /^(b|w|black|white)$/i.test(args[0] ?? '') ? readColor(args.shift()) : game.toPlay;
    const symmetries =
      args[0]?.toLowerCase() === 'all'
        ? Array.from({ length: SYMMETRIES }, (_, symmetry) => symmetry).filter(symmetry =>
            keepsShape(symmetry, game),
          )
        : [readSymmetry(args[0], game)];
    const blocks: string[] = [];
    for (const symmetry of symmetries)
      blocks.push(...rawBlock(game, color, symmetry, await engine.evaluate(color, symmetry)));
    return blocks.join('\n');
  },
  /** `heatmap [0-7|average|all]`: the table goes to stderr, as in Leela Zero, which LizzieYzy reads. */
  heatmap: async ({ engine, report }, [text = '0']) => {
    const { game } = engine;
    const views =
      text === 'all'
        ? Array.from({ length: SYMMETRIES }, (_, symmetry) => symmetry).filter(symmetry =>
            keepsShape(symmetry, game),
          )
        : [text === 'average' ? ('mean' as const) : readSymmetry(text, game)];
    for (const view of views) report(heatTable(game, await engine.evaluate(game.toPlay, view)));
    return undefined;
  },
  'kata-get-models': async ({ engine }) => {
    const { network, maxBatch } = await engine.player.describe();
    return JSON.stringify([
      { name: network, internalName: network, maxBatchSize: maxBatch, usesHumanSLProfile: false },
    ]);
  },
  /** Time of that many evaluations of the position, one after another. */
  'kata-benchmark': async ({ engine }, [text = '100']) => {
    const count = readInteger(text);
    if (count < 1 || count > 100_000) throw new GtpError('the number must be from 1 to 100000');
    const start = performance.now();
    for (let i = 0; i < count; i++) {
      engine.player.clearCache();
      await engine.evaluate(engine.game.toPlay, 0);
    }
    const seconds = (performance.now() - start) / 1000;
    return `${count} evaluations in ${seconds.toFixed(2)} s, ${(count / seconds).toFixed(1)} a second`;
  },
  clear_cache: ({ engine }) => engine.player.clearCache(),
};
