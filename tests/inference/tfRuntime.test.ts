import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { openEvaluator } from '../../src/inference/evaluator.ts';
import { LARGEST_DIFFERENCE, probe } from '../../src/inference/probe.ts';
import { exportOnnx } from '../../src/models/exportOnnx.ts';
import { policyNetwork, residualTower } from '../../src/models/goNetworks.ts';
import type { NetworkSpec } from '../../src/models/spec.ts';
import { GraphWriter } from '../../src/onnx/graphWriter.ts';
import { loadPosition } from '../../src/sgf/replay.ts';
import { distance, drawWeights } from '../support/networks.ts';
import { playRandomMoves } from '../support/randomGames.ts';
import { readGames } from '../support/records.ts';
import { sharedPath } from '../support/shared.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Answers {
  readonly policies: readonly Float32Array[];
  readonly values: readonly (number | undefined)[];
  readonly leads: readonly (number | undefined)[];
  readonly ownerships: readonly (Float32Array | undefined)[];
}

const answersOf = async (
  backend: 'cpu' | 'tfjs',
  games: readonly Game[],
  network?: string,
): Promise<Answers> => {
  const evaluator = await openEvaluator({
    backend,
    network,
    threads: 1,
    maxBatch: games.length,
    kernel: 'float',
  });
  const batch = evaluator.begin();
  const slots = games.map((game, i) => batch.add(game, i % 8));
  await batch.run();
  const answers = {
    policies: slots.map(slot => batch.policy(slot).slice()),
    values: slots.map(slot => batch.value(slot)),
    leads: slots.map(slot => batch.lead(slot)),
    ownerships: slots.map(slot => batch.ownership(slot)?.slice()),
  };
  batch.release();
  await evaluator.close();
  return answers;
};

const positions = (size: number, count: number): Game[] =>
  Array.from({ length: count }, (_, i) => {
    const game = new Game({ width: size, height: size });
    playRandomMoves(game, i * 17, new Random(i + 1));
    return game;
  });

/** A hundredth of a point of lead counts like a ten-thousandth of the rest. */
const LEAD_UNIT = 100;

/** Greatest difference of two lists of answers; Infinity if one has what the other lacks. */
const difference = (a: Answers, b: Answers): number => {
  const numbers = (x: number | undefined, y: number | undefined): number =>
    x === undefined || y === undefined ? (x === y ? 0 : Infinity) : Math.abs(x - y);
  const arrays = (x: Float32Array | undefined, y: Float32Array | undefined): number =>
    x === undefined || y === undefined ? (x === y ? 0 : Infinity) : distance(x, y);
  return Math.max(
    ...a.policies.map((policy, i) => distance(policy, b.policies[i])),
    ...a.values.map((value, i) => numbers(value, b.values[i])),
    ...a.leads.map((lead, i) => numbers(lead, b.leads[i]) / LEAD_UNIT),
    ...a.ownerships.map((ownership, i) => arrays(ownership, b.ownerships[i])),
  );
};

const archives = sharedPath('data/kgs-6d');

describe('TensorFlow.js', () => {
  test.each([19, 9])('says what ONNX Runtime says on boards of size %d', { timeout: 120_000 }, async size => {
    const games = positions(size, 4);
    const [given, expected] = [await answersOf('tfjs', games), await answersOf('cpu', games)];
    expect(difference(given, expected)).toBeLessThan(LARGEST_DIFFERENCE);
  });

  test.skipIf(archives === undefined)(
    'says so of positions of real games',
    { timeout: 120_000 },
    async () => {
      const [archive] = await readdir(archives!).then(names =>
        names.filter(name => /\.(zip|tar\.gz)$/.test(name)),
      );
      const games: Game[] = [];
      for await (const { record } of readGames(join(archives!, archive))) {
        if (record.moves.length < 200) continue;
        games.push(loadPosition(record, 12 * games.length));
        if (games.length === 16) break;
      }
      const [given, expected] = [await answersOf('tfjs', games), await answersOf('cpu', games)];
      expect(difference(given, expected)).toBeLessThan(LARGEST_DIFFERENCE);
    },
  );

  test.each([
    ['a policy network alone', policyNetwork({ layers: 3, filters: 4, heads: [] })],
    ['a tower', residualTower({ blocks: 1, filters: 4 })],
  ] as readonly [string, NetworkSpec][])('runs a file of %s', { timeout: 120_000 }, async (name, spec) => {
    const path = join(folder, `${name}.onnx`);
    const { reply, ...outputs } = spec.outputs;
    await writeFile(path, exportOnnx({ spec: { ...spec, outputs }, weights: drawWeights(spec, 3) }));
    expect(reply === undefined).toBe(spec.outputs['reply'] === undefined);
    const games = positions(19, 3);
    const [given, expected] = [await answersOf('tfjs', games, path), await answersOf('cpu', games, path)];
    expect(difference(given, expected)).toBeLessThan(LARGEST_DIFFERENCE);
  });

  test('refuses a file with operators that it has no layers for, and says what does it', async () => {
    const writer = new GraphWriter();
    writer.input('planes', ['n', 48, 23, 23]);
    const parts = writer.node('Reshape', 'part', ['planes', writer.integers([0, 1, -1])]);
    writer.node('Softplus', 'policy', [parts]);
    writer.output('policy', ['n', 361]);
    const path = join(folder, 'odd.onnx');
    await writeFile(path, writer.finish('odd'));
    await expect(openEvaluator({ backend: 'tfjs', network: path })).rejects.toMatchObject({
      name: 'NetworkError',
      code: 'format',
      message: expect.stringMatching(
        /^backend tfjs: .*operator Softplus \("policy"\) is not among Add, .*--backend cpu may run it$/,
      ) as string,
    });
  });

  test('passes the probe of backends', { timeout: 120_000 }, async () => {
    const result = await probe('tfjs', { threads: 1, batch: 2 });
    expect(result).toMatchObject({ backend: 'tfjs', works: true });
    expect(result.difference).toBeLessThan(LARGEST_DIFFERENCE);
  });
});
