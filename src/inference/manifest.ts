/** weights/manifest.json: the networks that ship, and how a name or a path becomes checked bytes. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OUTPUTS, type Output } from '../../engine/evaluator.ts';
import { FLOAT_SHA256, decodeOnnx, type OnnxModel } from '../onnx/onnxFile.ts';
import { packageRoot } from '../packageRoot.ts';
import { NetworkError } from './networkError.ts';

/** One network of the manifest. */
export interface ManifestEntry {
  readonly name: string;
  /** File beside the manifest. */
  readonly file: string;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
  readonly inputs: { readonly planes: number; readonly komi: boolean };
  readonly outputs: readonly Output[];
  readonly layers: number;
  readonly filters: number;
  /** With all heads. */
  readonly parameters: number;
  readonly trainedOn: string;
  /** Figures by test set. */
  readonly measured: readonly Readonly<Record<string, string | number>>[];
  readonly strength: string;
  readonly licence: string;
}

export interface Manifest {
  /** Name of the network used when none is asked for. */
  readonly default: string;
  readonly networks: readonly ManifestEntry[];
}

/** A network's bytes, and its entry if it is one of the manifest's. */
export interface NetworkFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly entry?: ManifestEntry;
}

export const WEIGHTS_FOLDER: string = join(packageRoot, 'weights');

/** @throws NetworkError if the manifest is missing or malformed */
export const readManifest = async (folder: string = WEIGHTS_FOLDER): Promise<Manifest> => {
  const path = join(folder, 'manifest.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new NetworkError('manifest', `cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
  return parseManifest(text, path);
};

/** @param path for messages @throws NetworkError naming the first field that is wrong */
export const parseManifest = (text: string, path: string): Manifest => {
  const fail = (what: string): never => {
    throw new NetworkError('manifest', `${path}: ${what}`);
  };
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text) as Manifest;
  } catch (error) {
    return fail((error as Error).message);
  }
  if (!Array.isArray(manifest?.networks)) return fail('"networks" must be a list');
  for (const [i, entry] of manifest.networks.entries()) {
    for (const field of ['name', 'file', 'sha256'] as const) {
      if (typeof entry?.[field] !== 'string') fail(`networks[${i}].${field} must be a text`);
    }
    if (!/^[0-9a-f]{64}$/.test(entry.sha256))
      fail(`networks[${i}].sha256 "${entry.sha256}" must be 64 hexadecimal digits`);
    if (entry.file !== basename(entry.file))
      fail(`networks[${i}].file "${entry.file}" must be a file beside the manifest`);
    if (!Array.isArray(entry.outputs)) fail(`networks[${i}].outputs must be a list`);
    for (const output of entry.outputs) {
      if (!OUTPUTS.includes(output))
        fail(`networks[${i}] has an unknown output "${output}": one of ${OUTPUTS.join(', ')}`);
    }
  }
  if (!manifest.networks.some(({ name }) => name === manifest.default))
    fail(`the default "${manifest.default}" is not among its networks`);
  return manifest;
};

/** Where the form in whole numbers lies of a network in float32. */
export const int8Path = (path: string): string => `${path.replace(/\.onnx$/, '')}.int8.onnx`;

/**
 * Reads a network by name or path.
 * @param network a name of the manifest, or the path of an ONNX file (with a separator or ending in .onnx); the default network if left out
 * @throws NetworkError if there is none, or its hash differs from the manifest's
 */
export const readNetwork = async (
  network?: string,
  folder: string = WEIGHTS_FOLDER,
): Promise<NetworkFile> => {
  if (network !== undefined && (/[\\/]/.test(network) || network.endsWith('.onnx'))) {
    return { name: basename(network, '.onnx'), path: network, bytes: await readBytes(network) };
  }
  const manifest = await readManifest(folder);
  const name = network ?? manifest.default;
  const entry = manifest.networks.find(candidate => candidate.name === name);
  if (!entry) {
    const names = manifest.networks.map(candidate => candidate.name).join(', ');
    throw new NetworkError(
      'missing',
      `unknown network "${name}": one of ${names}, or the path of an .onnx file`,
    );
  }
  const path = join(folder, entry.file);
  const bytes = await readBytes(path);
  const sha256 = sha256Of(bytes);
  if (sha256 !== entry.sha256) {
    throw new NetworkError(
      'hash',
      `${path} is damaged or another file: its SHA-256 is ${sha256}, the manifest has ${entry.sha256}`,
    );
  }
  return { name, path, bytes, entry };
};

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * The same network in whole numbers of 8 bits, if that lies beside it.
 * @throws NetworkError if it is damaged, or was made of another network
 */
export const readInt8 = async ({ path, bytes }: NetworkFile): Promise<Uint8Array | undefined> => {
  const beside = int8Path(path);
  if (!existsSync(beside)) return undefined;
  const int8 = await readBytes(beside);
  const refuse = (code: 'format' | 'hash', what: string, options?: ErrorOptions): never => {
    throw new NetworkError(code, `${what}: make it again with hane quantize, or delete it`, options);
  };
  let says: OnnxModel['metadata_props'];
  try {
    says = decodeOnnx(int8, beside).metadata_props;
  } catch (cause) {
    return refuse('format', (cause as Error).message, { cause });
  }
  if (says?.find(({ key }) => key === FLOAT_SHA256)?.value !== sha256Of(bytes))
    refuse('hash', `${beside} was not made of ${path}`);
  return int8;
};

const readBytes = async (path: string): Promise<Uint8Array> => {
  try {
    return await readFile(path);
  } catch (error) {
    throw new NetworkError('missing', `cannot read the network ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
};
