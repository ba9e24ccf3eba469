import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { int8Path } from '../../src/inference/manifest.ts';
import { exportOnnx } from '../../src/models/exportOnnx.ts';
import { policyNetwork } from '../../src/models/goNetworks.ts';
import { drawWeights } from '../support/networks.ts';
import { hane } from '../support/hane.ts';

let folder: string;
let network: string;
let games: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  network = join(folder, 'small.onnx');
  const spec = policyNetwork({ layers: 4, filters: 8, heads: [], batchNorm: false, identity: false });
  await writeFile(network, exportOnnx({ spec, weights: drawWeights(spec, 1) }));
  games = join(folder, 'games');
  await mkdir(games);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const writeGames = async (count: number): Promise<void> => {
  const letters = 'abcdefghijklmnopqrs';
  for (let i = 0; i < count; i++) {
    const moves = Array.from(
      letters.slice(0, 2 * (i % 9) + 1),
      (x, k) => `;${k % 2 ? 'W' : 'B'}[${x}${letters[i % 19]}]`,
    );
    await writeFile(join(games, `${i}.sgf`), `(;SZ[19]${moves.join('')})`);
  }
};

test('quantize writes whole numbers beside a network and says how near they are; gtp plays with them', async () => {
  await writeGames(20);
  const { code, out } = await hane([
    'quantize',
    network,
    '--games',
    games,
    '--positions',
    '12',
    '--check',
    '8',
  ]);
  expect(code).toBe(0);
  expect(out).toMatch(/small\.int8\.onnx: 0\.0 MB, made on 12 positions\n/);
  expect(out).toMatch(/on 8 others: the same best move in [\d.]+ %, [\d.]+ % of the probability elsewhere\n/);
  const args = ['gtp', '--network', network, '--kernel', 'int8', '--threads', '1'];
  const played = await hane(args, { input: 'genmove b\nquit\n' });
  expect(played.out).toMatch(/^= [A-T]\d+$/m);
});

test('quantize says that there are too few games, and writes nothing', async () => {
  await writeGames(3);
  const { code, err } = await hane(['quantize', network, '--games', games]);
  expect(code).toBe(2);
  expect(err).toMatch(/games has 3 games on 19x19: 9 are the least, 692 are asked for/);
  expect(await readdir(folder)).not.toContain('small.int8.onnx');
});

test('quantize keeps enough games to make it on and one to compare it on, where there are few', async () => {
  await writeGames(9);
  const { code, out } = await hane(['quantize', network, '--games', games]);
  expect(code).toBe(0);
  expect(out).toMatch(/made on 8 positions\n.+ on 1 others: the same best move in [\d.]+ %/);
});

test('quantize does not write over the network that it reads', async () => {
  const before = await readFile(network);
  const { code, err } = await hane(['quantize', network, '--games', games, '--out', network]);
  expect(code).toBe(2);
  expect(err).toContain(`--out ${network} is the network itself`);
  expect(await readFile(network)).toEqual(before);
});

test('a kernel that is not there, and one that nobody knows, are refused by name', async () => {
  const missing = await hane(['gtp', '--network', network, '--kernel', 'int8'], { input: 'genmove b\n' });
  expect(`${missing.out}${missing.err}`).toContain(
    `network small has no form in whole numbers: hane quantize makes it, as ${int8Path(network)}`,
  );
  const unknown = await hane(['gtp', '--kernel', 'int4']);
  expect(unknown.code).toBe(2);
  expect(unknown.err).toMatch(/must be one of auto, float, direct, winograd, int8/);
});
