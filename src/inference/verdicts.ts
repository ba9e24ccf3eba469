/** What was found out about this machine, such as which accelerators serve, kept between runs. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { arch, cpus, homedir, hostname, platform, release, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { writeFileAtomic } from '../writeFileAtomic.ts';

const DRIVER_FILES = ['/proc/driver/nvidia/version', '/sys/module/amdgpu/version'];
const DRIVER_FOLDERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/** The user's folder for what can be found out again; a temporary one where the user has none, as in some containers. */
export const cachePath = (env: NodeJS.ProcessEnv = process.env, home: () => string = homedir): string =>
  join(
    env['XDG_CACHE_HOME'] ||
      (process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined) ||
      cacheOf(home),
    'hane',
  );

/** Node throws where the user's number has no entry and `HOME` is not set. */
const cacheOf = (home: () => string): string => {
  try {
    return join(home(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
  } catch {
    return tmpdir();
  }
};

/** What a verdict is good for: this machine, its drivers, this version of ONNX Runtime, this network. */
export const verdictKey = (network: Uint8Array): string => {
  const drivers = [
    ...DRIVER_FILES.filter(existsSync).map(path => readFileSync(path, 'utf8')),
    ...DRIVER_FOLDERS.filter(existsSync).map(path => readdirSync(path).toSorted().join()),
    process.env['VK_ICD_FILENAMES'] ?? '',
  ];
  const runtime = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  const facts = [hostname(), platform(), arch(), release(), cpus()[0]?.model, runtime.version, ...drivers];
  return createHash('sha256').update(JSON.stringify(facts)).update(network).digest('hex').slice(0, 32);
};

/** @returns what was written, or undefined if nobody has looked yet. A file that cannot be read counts as none. */
export const readVerdict = async (key: string, path: string): Promise<unknown> => (await readAll(path))[key];

/** Best effort: without a folder to write to, the next start looks again. */
export const writeVerdict = async (key: string, verdict: unknown, path: string): Promise<void> => {
  try {
    await mkdir(dirname(path), { recursive: true });
    const all = { ...(await readAll(path)), [key]: verdict };
    await writeFileAtomic(path, `${JSON.stringify(all, undefined, 2)}\n`);
  } catch {
    // Nothing depends on it.
  }
};

const readAll = async (path: string): Promise<Record<string, unknown>> => {
  try {
    const all: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof all === 'object' && all !== null ? (all as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};
