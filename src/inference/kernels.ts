/**
 * Which form of a network runs: ONNX Runtime's own convolutions, or Winograd's form (winogradForm.ts), which is faster for batches
 * large enough. How large depends on the network and the machine, so it is measured, once, and remembered.
 */
import { join } from 'node:path';
import type { Backend } from './backends.ts';
import { cachePath, readVerdict, verdictKey, writeVerdict } from './verdicts.ts';

export const FORMS = ['direct', 'winograd'] as const;
export type Form = (typeof FORMS)[number];

/** What an option may say: `auto` takes the faster one for each batch. */
export const KERNELS = ['auto', ...FORMS] as const;
export type Kernel = (typeof KERNELS)[number];

/** A number of positions that no batch has. */
export const NO_BATCH = 2 ** 31;

/** Batches that are timed, the largest first. */
const SIZES = [8, 4, 2, 1];
/** Times each is run in each form; the fastest counts, since whatever else the machine does only makes it slower. */
const ROUNDS = 4;
/** A form has to be faster by this to be worth its memory. */
const WORTH = 0.95;

/**
 * Most positions that Winograd's form runs at once. What lies between its layers is larger than the board itself, and of 16 positions
 * it no longer fits a core's cache: two runs of 8 are the faster ones.
 */
const MOST_AT_ONCE = 8;

/** Positions of each run that a batch is cut into, the last one's being fewer: as equal as can be. */
export const partSize = (form: Form, positions: number): number =>
  form === 'direct' ? positions : Math.ceil(positions / Math.ceil(positions / MOST_AT_ONCE));

/** Microseconds that a thread of Winograd's form spins before it sleeps. */
const SPINNING = 10;

/**
 * What a session says of how its threads wait for each other. Winograd's form has ten times as many steps as the direct one, most of
 * them shorter than it takes to wake a thread: that much spinning makes two threads a fifth faster on idle cores, and no slower beside
 * other work. ONNX Runtime's own spinning, a hundred times as long, takes the cores from everything else, itself included.
 */
export const waitingOf = (form: Form): Record<string, unknown> =>
  form === 'direct'
    ? { session: { intra_op: { allow_spinning: '0' } } }
    : {
        session: {
          intra_op: { allow_spinning: '1', spin_duration_us: String(SPINNING) },
          force_spinning_stop: '1',
        },
      };

/**
 * Times both forms in turns.
 * @param run runs a batch of so many positions in a form
 * @param maxBatch most positions of a batch
 * @returns the fewest positions for which Winograd's form is the faster one; {@link NO_BATCH} if there are none
 */
export const findLeastBatch = async (
  run: (form: Form, positions: number) => Promise<void>,
  maxBatch: number,
  now: () => number = () => performance.now(),
): Promise<number> => {
  let least = NO_BATCH;
  for (const positions of SIZES.filter(size => size <= maxBatch)) {
    const fastest = { direct: Infinity, winograd: Infinity };
    for (let round = 0; round < ROUNDS; round++)
      for (const form of FORMS) {
        const start = now();
        await run(form, positions);
        // The first run lays out the memory.
        if (round > 0) fastest[form] = Math.min(fastest[form], now() - start);
      }
    if (fastest.winograd > WORTH * fastest.direct) break;
    least = positions;
  }
  return least;
};

/** Whether there is a choice of forms on a backend. */
export const hasForms = (backend: Backend): boolean => backend === 'cpu' || backend === 'wasm';

/** `hane/kernels.json` in the user's folder for caches. */
export const kernelsPath = (): string => join(cachePath(), 'kernels.json');

/** What was measured for a network on this machine; undefined if nobody has, or for a choice by hand. */
export const readLeastBatch = async (
  key: string,
  path: string = kernelsPath(),
): Promise<number | undefined> => {
  const known = await readVerdict(key, path);
  return typeof known === 'number' && known >= 1 ? known : undefined;
};

export const writeLeastBatch = (key: string, least: number, path: string = kernelsPath()): Promise<void> =>
  writeVerdict(key, least, path);

/** To be raised when a form's speed has changed, so that what was remembered of the old one counts no more. */
const FORMS_VERSION = 2;

/** @param threads of the network */
export const kernelKey = (network: Uint8Array, backend: Backend, threads: number, maxBatch: number): string =>
  `${verdictKey(network)} ${backend} ${threads} ${Math.min(maxBatch, SIZES[0])} forms ${FORMS_VERSION}`;
