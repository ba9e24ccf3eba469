import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyIndexOf } from '../../../engine/coords.ts';
import {
  ScriptedEvaluator,
  type Batch,
  type Evaluator,
  type ScriptedOutput,
} from '../../../engine/evaluator.ts';
import { Game } from '../../../engine/game.ts';
import { BLACK, PASS } from '../../../engine/types.ts';
import type { Dataset } from '../../../src/training/data/dataset.ts';
import { meansOf } from '../../../src/training/eval/accumulator.ts';
import { drawEvalPage, drawEvalSvg } from '../../../src/training/eval/drawEvalReport.ts';
import { drawEvalText } from '../../../src/training/eval/drawEvalText.ts';
import { compareNetworks, evaluateNetwork } from '../../../src/training/eval/evaluateNetwork.ts';
import type { datasetPositions, PositionSource } from '../../../src/training/eval/positions.ts';
import { GAMES, makeEvalData, positionsOf } from './support.ts';

let folder: string;
let dataset: Dataset;
beforeAll(async () => {
  ({ folder, dataset } = await makeEvalData());
  learnGames();
}, 30_000);
afterAll(() => rm(folder, { recursive: true, maxRetries: 5 }));

const all = (options: Partial<Parameters<typeof datasetPositions>[1]> = {}): PositionSource =>
  positionsOf(dataset, options);

const uniform = (): ScriptedOutput => ({ policy: new Float32Array(362).fill(1) });

const keyOf = (game: Game): string => `${game.board.stones.join('')} ${game.moveCount}`;
const moveAfter = new Map<string, number>();

const learnGames = (): void => {
  const game = new Game();
  for (let i = 0; i < dataset.games; i++) {
    for (let ply = 0; ply < dataset.moveCount(i); ply++) {
      dataset.replayInto(game, i, ply);
      const { point } = dataset.moveAt(i, ply);
      moveAfter.set(keyOf(game), point === PASS ? -1 : policyIndexOf(point, game));
    }
  }
};

/** Knows the games; but they all begin from one position. */
const clairvoyant = (): Evaluator =>
  new ScriptedEvaluator(game => {
    const policy = new Float32Array(362).fill(0.001);
    const index = moveAfter.get(keyOf(game)) ?? -1;
    if (index >= 0) policy[index] = 1;
    const sign = game.toPlay === BLACK ? 1 : -1;
    return { policy, value: 0.8 * sign, lead: 10 * sign, ownership: new Float32Array(361).fill(sign) };
  });

describe('a network', () => {
  test('that knows the next move finds it, and is measured against results and labels', async () => {
    const report = await evaluateNetwork(clairvoyant(), all());
    const [{ overall, byMove, byRank, calibration }] = report.networks;
    expect(report).toMatchObject({ isComplete: true, games: GAMES, difference: undefined });
    expect(meansOf(overall).policyTop1).toBe(overall.policyTop1!.mean);
    expect(overall.policyTop1!.mean).toBeGreaterThan(0.95);
    expect(overall.expertTop1).toBeUndefined();
    // Black won the even games of the first 20, and Black is said to be ahead.
    expect(overall.resultSign!.mean).toBeCloseTo(0.5, 10);
    expect(overall.resultSquared!.mean).toBeCloseTo((0.2 ** 2 + 1.8 ** 2) / 2, 5);
    expect(overall.resultLead).toMatchObject({ mean: expect.closeTo(0.5, 5), games: 10, positions: 500 });
    expect(overall.teacherSign!.mean).toBe(1);
    expect(overall.teacherSquared!.mean).toBeCloseTo(0, 5);
    expect(overall.teacherLead!.mean).toBeCloseTo(0, 5);
    expect(overall.teacherOwnership!.mean).toBeCloseTo(0, 10);
    expect(overall.teacherTop1!.positions).toBe(GAMES * 3);
    expect(byMove.map(({ label }) => label)).toEqual(['0-19', '20-39', '40-59']);
    expect(byMove.map(({ figures }) => figures.policyTop1!.positions).reduce((a, b) => a + b)).toBe(
      overall.policyTop1!.positions,
    );
    expect(byRank.map(({ label }) => label)).toEqual(['6d', '7d', '9d']);
    expect(calibration.result!.bins.map(({ outcome }) => outcome)).toEqual([
      expect.closeTo(0.5, 5),
      expect.closeTo(0.5, 5),
    ]);
    expect(calibration.teacher!.error).toBeCloseTo(0, 4);
  });

  test('that knows nothing has the cross-entropy of its legal moves', async () => {
    const report = await evaluateNetwork(
      new ScriptedEvaluator(uniform, ['policy'], 16, 'u'),
      all({ labels: 0 }),
    );
    const { policyLoss, teacherLoss, resultSign } = report.networks[0].overall;
    expect(policyLoss!.mean).toBeGreaterThan(Math.log(310));
    expect(policyLoss!.mean).toBeLessThan(Math.log(362));
    expect([teacherLoss, resultSign]).toEqual([undefined, undefined]);
  });

  test('is measured the same in batches of any size', async () => {
    const sizes = [1, 7, 16].map(size => new ScriptedEvaluator(uniform, ['policy'], size));
    const reports = await Promise.all(sizes.map(one => evaluateNetwork(one, all())));
    for (const { networks } of reports) expect(networks).toEqual(reports[0].networks);
  });

  test('is compared with another on the same positions', async () => {
    const other = new ScriptedEvaluator(uniform, ['policy'], 5, 'uniform');
    const { networks, difference } = await compareNetworks(clairvoyant(), other, all());
    const [first, second] = networks.map(({ overall }) => overall.policyTop1!.mean);
    expect(difference!.policyTop1!.mean).toBeCloseTo(first - second, 10);
    expect(difference!.policyTop1!.low).toBeGreaterThan(0.9);
    expect(difference!.teacherSign).toBeUndefined();
    const same = await compareNetworks(clairvoyant(), clairvoyant(), all());
    expect(same.difference!.policyLoss).toMatchObject({ mean: 0, low: 0, high: 0 });
  });

  test('that is interrupted is told by what there is', async () => {
    const stop = new AbortController();
    const report = await evaluateNetwork(clairvoyant(), all(), {
      signal: stop.signal,
      onProgress: done => done >= 100 && stop.abort(),
    });
    expect(report.isComplete).toBe(false);
    expect(report.positions).toBeGreaterThanOrEqual(100);
    expect(report.positions).toBeLessThan(200);
    expect(drawEvalText(report)).toContain('(interrupted)');
  });

  test('that fails ends the measuring', async () => {
    const failing: Evaluator = {
      ...clairvoyant(),
      name: 'failing',
      outputs: ['policy'],
      maxBatch: 4,
      begin: () => {
        const batch = clairvoyant().begin();
        batch.run = () => Promise.reject(new Error('out of memory'));
        return batch;
      },
      close: async () => {},
    };
    await expect(evaluateNetwork(failing, all())).rejects.toThrow('out of memory');
  });
});

test('two batches are in flight, each given back', async () => {
  const scripted = new ScriptedEvaluator(uniform, ['policy'], 16);
  let [open, most] = [0, 0];
  const counting: Evaluator = {
    name: 'counting',
    outputs: ['policy'],
    maxBatch: 16,
    begin: (): Batch => {
      const batch = scripted.begin();
      most = Math.max(most, ++open);
      const release = batch.release.bind(batch);
      batch.release = () => {
        open--;
        release();
      };
      return batch;
    },
    close: async () => {},
  };
  await evaluateNetwork(counting, all());
  expect([open, most]).toEqual([0, 2]);
});

test('a report is text, a picture and a page, of one network and of two', async () => {
  const one = await evaluateNetwork(clairvoyant(), all());
  const two = await compareNetworks(clairvoyant(), new ScriptedEvaluator(uniform), all());
  for (const report of [one, two]) {
    const text = drawEvalText(report);
    expect(text).toContain('1,272 positions of 24 games');
    expect(text).toMatch(/human move, policy, top-1 +9\d\.\d\d %/);
    expect(text).toContain('57.0 % of the human moves, 55.4 % with 192 filters');
    const svg = drawEvalSvg(report, 'a < b');
    expect(svg).toContain('a &lt; b');
    for (const page of [svg, drawEvalPage(report, 'a < b')])
      expect(page).not.toMatch(/NaN|undefined|Infinity/);
  }
  expect(drawEvalText(two)).toContain('clear');
});
