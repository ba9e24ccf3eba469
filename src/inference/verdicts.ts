/** What was found out about the accelerators of this machine, kept between runs. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { arch, cpus, homedir, hostname, platform, release } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { writeFileAtomic } from '../writeFileAtomic.ts';
import { BACKENDS, type Backend } from './backends.ts';

const DRIVER_FILES = ['/proc/driver/nvidia/version', '/sys/module/amdgpu/version'];
const DRIVER_FOLDERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/** `hane/backends.json` in the user's folder for caches. */
export const verdictsPath = (env: NodeJS.ProcessEnv = process.env): string => {
  const folder =
    env['XDG_CACHE_HOME'] ||
    (process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined) ||
    join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
  return join(folder, 'hane', 'backends.json');
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

/** @returns the backend to use, or undefined if nobody has looked yet. A file that cannot be read counts as none. */
export const readVerdict = async (
  key: string,
  path: string = verdictsPath(),
): Promise<Backend | undefined> => {
  const backend = (await readAll(path))[key];
  return BACKENDS.find(known => known === backend);
};

/** Best effort: without a folder to write to, the next start looks again. */
export const writeVerdict = async (
  key: string,
  backend: Backend,
  path: string = verdictsPath(),
): Promise<void> => {
  try {
    await mkdir(dirname(path), { recursive: true });
    const all = { ...(await readAll(path)), [key]: backend };
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
