/**
 * Which form of a network runs: ONNX Runtime's own convolutions; Winograd's form (winogradForm.ts), which is faster for batches large
 * enough; or whole numbers of 8 bits, where such a form lies beside the network (`hane quantize`) and the processor is made for them.
 * Which is the fastest depends on the network, the batch and the machine, so it is measured, once, and remembered.
 */
import { join } from 'node:path';
import type { Backend } from './backends.ts';
import { cachePath, readVerdict, verdictKey, writeVerdict } from './verdicts.ts';

export const FORMS = ['direct', 'winograd', 'int8'] as const;
export type Form = (typeof FORMS)[number];

/** What an option may say: `auto` takes the fastest form for each batch, `float` the fastest that says what the file says. */
export const KERNELS = ['auto', 'float', ...FORMS] as const;
export type Kernel = (typeof KERNELS)[number];

/** A number of positions that no batch has. */
export const NO_BATCH = 2 ** 31;

/** Fewest positions of a batch that runs in a form; {@link NO_BATCH} if none does. */
export type LeastBatches = Readonly<Record<Exclude<Form, 'direct'>, number>>;

export const ALL_DIRECT: LeastBatches = { winograd: NO_BATCH, int8: NO_BATCH };

export const formOfBatch = (least: LeastBatches, positions: number): Form => {
  if (positions >= least.int8) return 'int8';
  return positions >= least.winograd ? 'winograd' : 'direct';
};

/** Batches that are timed, the largest first. */
const SIZES = [8, 4, 2, 1];
/** Times each is run in each form; the fastest counts, since whatever else the machine does only makes it slower. */
const ROUNDS = 4;
/** What a form may take of the time of those before it: to be worth its memory, and for whole numbers what they change. */
const WORTH = { winograd: 0.95, int8: 0.75 };

/**
 * Most positions that Winograd's form runs at once. What lies between its layers is larger than the board itself, and of 16 positions
 * it no longer fits a core's cache: two runs of 8 are the faster ones.
 */
const MOST_AT_ONCE = 8;

/** Positions of each run that a batch is cut into, the last one's being fewer: as equal as can be. */
export const partSize = (form: Form, positions: number): number =>
  form !== 'winograd' ? positions : Math.ceil(positions / Math.ceil(positions / MOST_AT_ONCE));

/** Microseconds that a thread spins before it sleeps, where steps are short. */
const SPINNING = 10;

/** Tells ONNX Runtime to add up whole numbers as they are, on processors that need to be told. */
export const EXACT_SUMS = { x64quantprecision: '1' } as const;

/**
 * What a session is told of how its threads wait for each other, and how it adds. Winograd's form has ten times as many steps as the
 * direct one, and those of whole numbers are short: most take less than it takes to wake a thread. That much spinning makes two
 * threads a fifth faster in Winograd's form on idle cores, and no slower beside other work; two thirds faster in whole numbers. ONNX
 * Runtime's own spinning, a hundred times as long, takes the cores from everything else, itself included.
 * @param addsWhole whether whole numbers are added as they are without being told to (wholeSums.ts)
 */
export const settingsOf = (form: Form, addsWhole = true): Record<string, unknown> =>
  form === 'direct'
    ? { session: { intra_op: { allow_spinning: '0' } } }
    : {
        session: {
          intra_op: { allow_spinning: '1', spin_duration_us: String(SPINNING) },
          force_spinning_stop: '1',
          ...(form === 'int8' && !addsWhole ? EXACT_SUMS : {}),
        },
      };

/**
 * Times forms in turns, from the largest batch down; one that is not worth it for a batch is not tried for smaller ones.
 * @param run runs a batch of so many positions in a form
 * @param maxBatch most positions of a batch
 * @param forms that there are beside the direct one
 */
export const findLeastBatches = async (
  run: (form: Form, positions: number) => Promise<void>,
  maxBatch: number,
  forms: readonly (keyof LeastBatches)[],
  now: () => number = () => performance.now(),
): Promise<LeastBatches> => {
  const least = { ...ALL_DIRECT };
  let open = forms;
  for (const positions of SIZES.filter(size => size <= maxBatch)) {
    if (open.length === 0) break;
    const fastest: Record<Form, number> = { direct: Infinity, winograd: Infinity, int8: Infinity };
    for (let round = 0; round < ROUNDS; round++)
      for (const form of ['direct', ...open] as const) {
        const start = now();
        await run(form, positions);
        // The first run lays out the memory.
        if (round > 0) fastest[form] = Math.min(fastest[form], now() - start);
      }
    const float = Math.min(fastest.direct, fastest.winograd);
    open = open.filter(form => fastest[form] <= WORTH[form] * (form === 'winograd' ? fastest.direct : float));
    for (const form of open) least[form] = positions;
  }
  return least;
};

/** Whether there is a choice of forms on a backend. */
export const hasForms = (backend: Backend): boolean => backend === 'cpu' || backend === 'wasm';

/** `hane/kernels.json` in the user's folder for caches. */
export const kernelsPath = (): string => join(cachePath(), 'kernels.json');

/** What was measured for a network on this machine; undefined if nobody has. */
export const readLeastBatches = async (
  key: string,
  path: string = kernelsPath(),
): Promise<LeastBatches | undefined> => {
  const known = (await readVerdict(key, path)) as Partial<LeastBatches> | undefined;
  const isBatch = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 1;
  return isBatch(known?.winograd) && isBatch(known?.int8) ? (known as LeastBatches) : undefined;
};

export const writeLeastBatches = (
  key: string,
  { winograd, int8 }: LeastBatches,
  path: string = kernelsPath(),
): Promise<void> => writeVerdict(key, { winograd, int8 }, path);

/** To be raised when a form's speed has changed, so that what was remembered of the old one counts no more. */
const FORMS_VERSION = 4;

/** @param networks the one in float32, and the one in whole numbers if there is a choice @param threads of the network */
export const kernelKey = (
  networks: readonly Uint8Array[],
  backend: Backend,
  threads: number,
  maxBatch: number,
): string =>
  `${networks.map(verdictKey).join(' ')} ${backend} ${threads} ${Math.min(maxBatch, SIZES[0])} forms ${FORMS_VERSION}`;
