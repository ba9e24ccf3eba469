import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Game } from '../../engine/game.ts';
import { openAutoEvaluator } from '../../src/inference/autoEvaluator.ts';
import { accelerators, type Backend } from '../../src/inference/backends.ts';
import { openEvaluator } from '../../src/inference/evaluator.ts';
import { readNetwork } from '../../src/inference/manifest.ts';
import { LARGEST_DIFFERENCE, isBetter, probe, type ProbeResult } from '../../src/inference/probe.ts';
import { cachePath, readVerdict, verdictKey, writeVerdict } from '../../src/inference/verdicts.ts';

let folder: string;
let verdicts: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
  verdicts = join(folder, 'cache', 'backends.json');
});
afterEach(() => rm(folder, { recursive: true }));

test('WebAssembly says what the CPU says', async () => {
  const result = await probe('wasm', { threads: 1, batch: 2 });
  expect(result).toMatchObject({ backend: 'wasm', works: true });
  expect(result.difference).toBeLessThan(LARGEST_DIFFERENCE);
});

test('a backend that cannot start is an error that says what it needs', async () => {
  const missing: Backend = process.platform === 'win32' ? 'coreml' : 'dml';
  await expect(openEvaluator({ backend: missing })).rejects.toMatchObject({
    name: 'NetworkError',
    code: 'backend',
    message: expect.stringMatching(
      new RegExp(`^backend ${missing} does not start here\\. It needs .*--backend auto or cpu works without`),
    ) as string,
  });
  const result = await probe(missing);
  expect(result).toMatchObject({ works: false, reason: expect.stringContaining('It needs') as string });
});

test('a probe whose process dies is a backend that does not work', async () => {
  const result = await probe('wasm', { env: { ...process.env, NODE_OPTIONS: '--no-such-option' } });
  expect(result).toMatchObject({ works: false, reason: expect.stringContaining('ended (9)') as string });
});

// Slow in software: one position, and minutes on a busy machine.
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const VULKAN = ['/usr/lib/x86_64-linux-gnu/libvulkan.so.1', '/usr/lib64/libvulkan.so.1'];
const hasSwiftShader = existsSync(SWIFTSHADER) && VULKAN.some(path => existsSync(path));

describe.skipIf(!hasSwiftShader)(
  `WebGPU on SwiftShader (${hasSwiftShader ? 'found' : "skipped: needs Chromium's SwiftShader and libvulkan1"})`,
  () => {
    test('says what the CPU says, and is no match for it', { timeout: 240_000 }, async () => {
      const env = { ...process.env, VK_ICD_FILENAMES: SWIFTSHADER, VK_DRIVER_FILES: SWIFTSHADER };
      const result = await probe('webgpu', { batch: 1, env });
      expect(result).toMatchObject({ works: true });
      expect(result.difference).toBeLessThan(LARGEST_DIFFERENCE);
      expect(isBetter(result)).toBe(false);
    });
  },
);

test.each([
  [{ works: true, difference: 1e-6, milliseconds: 5, cpuMilliseconds: 20 }, true],
  [{ works: true, difference: 1e-6, milliseconds: 25, cpuMilliseconds: 20 }, false],
  [{ works: true, difference: 1e-3, milliseconds: 5, cpuMilliseconds: 20 }, false],
  [{ works: true, difference: Number.NaN, milliseconds: 5, cpuMilliseconds: 20 }, false],
  [{ works: false, reason: 'no driver' }, false],
])('%j is better than the CPU: %s', (result, expected) => {
  expect(isBetter({ backend: 'webgpu', ...result })).toBe(expected);
});

test('each kind of machine has its accelerators', () => {
  expect(accelerators('linux', 'x64')).toEqual(['cuda', 'webgpu']);
  expect(accelerators('linux', 'arm64')).toEqual([]);
  expect(accelerators('darwin', 'arm64')).toEqual(['coreml', 'webgpu']);
  expect(accelerators('darwin', 'x64')).toEqual([]);
  expect(accelerators('win32', 'x64')).toEqual(['dml', 'webgpu']);
});

describe('auto', () => {
  const evaluates = async (evaluator: {
    begin(): ReturnType<Awaited<ReturnType<typeof openEvaluator>>['begin']>;
  }): Promise<number> => {
    const batch = evaluator.begin();
    batch.add(new Game({ width: 5, height: 5 }));
    await batch.run();
    const { length } = batch.policy(0);
    batch.release();
    return length;
  };
  const fast = (backend: Backend): ProbeResult => ({
    backend,
    works: true,
    difference: 0,
    milliseconds: 1,
    cpuMilliseconds: 2,
  });

  /** Resolved with the backend it changes to, or with nothing after some time. */
  const openWith = async (
    tryBackend: (backend: Backend) => Promise<ProbeResult>,
  ): Promise<{
    changed: Promise<Backend | undefined>;
    close: () => Promise<void>;
    length: () => Promise<number>;
  }> => {
    let onChange: (backend: Backend) => void = () => {};
    const changed = new Promise<Backend | undefined>(resolve => {
      onChange = resolve;
      setTimeout(() => resolve(undefined), 40_000).unref();
    });
    const auto = await openAutoEvaluator({
      threads: 1,
      kernel: 'direct',
      // Stands for an accelerator: it exists everywhere.
      candidates: ['wasm'],
      tryBackend,
      idleMs: 10,
      verdicts,
      onChange,
    });
    return { changed, close: () => auto.close(), length: () => evaluates(auto) };
  };

  test(
    'starts on the CPU, changes to what proves better, and remembers it',
    { timeout: 60_000 },
    async () => {
      const tried: Backend[] = [];
      const first = await openWith(async backend => {
        tried.push(backend);
        return fast(backend);
      });
      expect(await first.length()).toBe(26);
      expect(await first.changed).toBe('wasm');
      expect(await first.length()).toBe(26);
      await first.close();
      const key = verdictKey((await readNetwork()).bytes);
      expect(await readVerdict(key, verdicts)).toBe('wasm');
      const second = await openWith(async backend => {
        tried.push(backend);
        return fast(backend);
      });
      expect(await second.changed).toBe('wasm');
      await second.close();
      expect(tried).toEqual(['wasm']);
    },
  );

  test('stays on the CPU where nothing is better, and remembers that too', { timeout: 60_000 }, async () => {
    let tries = 0;
    const auto = await openWith(async backend => {
      tries++;
      return { backend, works: false, reason: 'no driver' };
    });
    const key = verdictKey((await readNetwork()).bytes);
    while ((await readVerdict(key, verdicts)) === undefined)
      await new Promise(resolve => setTimeout(resolve, 20));
    expect(await readVerdict(key, verdicts)).toBe('cpu');
    expect(await auto.length()).toBe(26);
    await auto.close();
    expect(tries).toBe(1);
  });

  test('stays on the CPU where its network has been deleted meanwhile', { timeout: 60_000 }, async () => {
    const network = join(folder, 'mine.onnx');
    await writeFile(network, (await readNetwork()).bytes);
    const auto = await openAutoEvaluator({ network, threads: 1, kernel: 'direct', idleMs: 200, verdicts });
    await rm(network);
    // A rejection that nobody handles would fail the test run.
    await new Promise(resolve => setTimeout(resolve, 600));
    expect([auto.backend, await evaluates(auto)]).toEqual(['cpu', 26]);
    await auto.close();
  });
});

describe('verdicts', () => {
  test('are kept by key; a damaged file counts as none and is written anew', async () => {
    expect(await readVerdict('a', verdicts)).toBeUndefined();
    await writeVerdict('a', 'cuda', verdicts);
    await writeVerdict('b', 'cpu', verdicts);
    expect(await readVerdict('a', verdicts)).toBe('cuda');
    expect(await readVerdict('b', verdicts)).toBe('cpu');
    await writeFile(verdicts, '{"a": "warp drive", ');
    expect(await readVerdict('a', verdicts)).toBeUndefined();
    await writeVerdict('a', 'cpu', verdicts);
    expect(JSON.parse(await readFile(verdicts, 'utf8'))).toEqual({ a: 'cpu' });
  });

  test('a folder that cannot be written to does no harm', async () => {
    await writeFile(join(folder, 'file'), '');
    await writeVerdict('a', 'cpu', join(folder, 'file', 'backends.json'));
    expect(await readVerdict('a', join(folder, 'file', 'backends.json'))).toBeUndefined();
  });

  test('lie in a temporary folder where the user has none', () => {
    const nobody = (): string => {
      throw new Error('uv_os_homedir returned ENOENT');
    };
    expect(cachePath({}, nobody)).toBe(join(tmpdir(), 'hane'));
    expect(cachePath({ XDG_CACHE_HOME: folder }, nobody)).toBe(join(folder, 'hane'));
  });

  test('depend on the network', () => {
    expect(verdictKey(Buffer.from('a'))).not.toBe(verdictKey(Buffer.from('b')));
    expect(verdictKey(Buffer.from('a'))).toBe(verdictKey(Buffer.from('a')));
  });
});
