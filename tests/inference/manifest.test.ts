import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEvaluator } from '../../src/inference/evaluator.ts';
import { parseManifest, readManifest, readNetwork } from '../../src/inference/manifest.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('every network that ships is there and has the hash of its manifest', async () => {
  const { networks } = await readManifest();
  expect(networks.length).toBeGreaterThan(0);
  for (const { name } of networks) expect((await readNetwork(name)).bytes.length).toBeGreaterThan(100_000);
});

const entry = { name: 'a', file: 'a.onnx', sha256: '0'.repeat(64), outputs: ['policy'] };
const make = (changes: object): string =>
  JSON.stringify({ default: 'a', networks: [{ ...entry, ...changes }] });

test.each([
  ['not json', /manifest.json: .*JSON/],
  ['{}', '"networks" must be a list'],
  [make({ name: 5 }), 'networks[0].name must be a text'],
  [make({ sha256: 'abc' }), 'networks[0].sha256 "abc" must be 64 hexadecimal digits'],
  [make({ file: '../a.onnx' }), 'networks[0].file "../a.onnx" must be a file beside the manifest'],
  [make({ outputs: ['policy', 'mood'] }), 'networks[0] has an unknown output "mood": one of policy, pass'],
  [make({ name: 'b' }), 'the default "a" is not among its networks'],
])('a manifest %j is refused', (text, message) => {
  expect(() => parseManifest(text, 'manifest.json')).toThrow(message);
});

test('a file that is not the one of the manifest is refused with both hashes', async () => {
  await writeFile(join(folder, 'manifest.json'), make({}));
  await writeFile(join(folder, 'a.onnx'), 'something else');
  await expect(readNetwork('a', folder)).rejects.toThrow(
    /a\.onnx is damaged or another file: its SHA-256 is [0-9a-f]{64}, the manifest has 0{64}/,
  );
});

test('a manifest that is not there says where it was looked for', async () => {
  await expect(readManifest(folder)).rejects.toThrow(`cannot read ${join(folder, 'manifest.json')}`);
});

test.each([
  ['text', 'this is no network'],
  ['nothing', ''],
])('a file of %s is no network', async (_, content) => {
  const path = join(folder, 'bad.onnx');
  await writeFile(path, content);
  await expect(openEvaluator({ network: path })).rejects.toThrow('bad is not an ONNX file');
});
