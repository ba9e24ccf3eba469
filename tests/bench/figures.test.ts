import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
  vi.resetModules();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test('figures of several benchmarks are one file of JSON', async () => {
  const file = join(folder, 'bench.json');
  vi.stubEnv('HANE_BENCH_FILE', file);
  // The process of each benchmark loads it anew.
  await import('../support/figures.ts').then(({ keepFigures }) => keepFigures('encode', { us: 1.5 }));
  vi.resetModules();
  const { keepFailed, keepFigures } = await import('../support/figures.ts');
  keepFigures('forms', [{ form: 'direct', batch: 1 }]);
  keepFailed(['encode']);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    encode: { us: 1.5 },
    forms: [{ form: 'direct', batch: 1 }],
    failed: ['encode'],
  });
});

test('a benchmark by itself writes no file', async () => {
  vi.stubEnv('HANE_BENCH_FILE', undefined);
  const { keepFigures } = await import('../support/figures.ts');
  expect(() => keepFigures('encode', { us: 1.5 })).not.toThrow();
});

test('a table has texts to the left and numbers to the right, with the digits they deserve', async () => {
  const { makeTable } = await import('../support/figures.ts');
  expect(
    makeTable([
      { form: 'direct', batch: 16, rate: 185.4 },
      { form: 'winograd', batch: 1, rate: 2.291 },
    ]),
  ).toBe(['form      batch  rate', 'direct       16   185', 'winograd      1  2.29'].join('\n'));
});
