/** How far a network in whole numbers says what the one in float32 says. */
import { NetworkSession, type NetworkOutput } from '../../inference/networkSession.ts';
import { softmax } from '../softmax.ts';

/** Positions of a run. */
const BATCH = 8;

export interface Agreement {
  readonly positions: number;
  /** Share of the positions with the same best move. */
  readonly sameBest: number;
  /** Mean over positions of the probability that lies on other moves. */
  readonly moved: number;
  /** Root of the mean squared difference of values, from -1 to 1; undefined without such a head. */
  readonly value: number | undefined;
}

/**
 * @param feeds inputs of both, `planes` and `komi`, the positions first
 * @throws NetworkError if ONNX Runtime cannot run one of them
 */
export const compareNetworks = async (
  before: Uint8Array,
  after: Uint8Array,
  feeds: Readonly<Record<string, NetworkOutput>>,
  threads: number,
): Promise<Agreement> => {
  const a = await NetworkSession.open(before, 'the network', threads);
  let b: NetworkSession | undefined;
  try {
    b = await NetworkSession.open(after, 'the rounded network', threads);
    const [positions] = feeds['planes'].dims;
    let [same, moved, squares] = [0, 0, 0];
    let hasValue = false;
    for (let first = 0; first < positions; first += BATCH) {
      const part = slice(feeds, first, Math.min(BATCH, positions - first));
      const [x, y] = [await a.run(part), await b.run(part)];
      const points = x['policy'].dims[1];
      for (let at = 0; at < x['policy'].data.length; at += points) {
        const p = softmax(x['policy'].data.subarray(at, at + points));
        const q = softmax(y['policy'].data.subarray(at, at + points));
        if (greatestAt(p) === greatestAt(q)) same++;
        moved += p.reduce((sum, value, i) => sum + Math.abs(value - q[i]) / 2, 0);
      }
      if (!x['value']) continue;
      hasValue = true;
      squares += x['value'].data.reduce((sum, value, i) => sum + (value - y['value'].data[i]) ** 2, 0);
    }
    return {
      positions,
      sameBest: same / positions,
      moved: moved / positions,
      value: hasValue ? Math.sqrt(squares / positions) : undefined,
    };
  } finally {
    await a.release();
    await b?.release();
  }
};

const slice = (
  feeds: Readonly<Record<string, NetworkOutput>>,
  first: number,
  count: number,
): Record<string, NetworkOutput> =>
  Object.fromEntries(
    Object.entries(feeds).map(
      ([
        name,
        {
          data,
          dims: [n, ...rest],
        },
      ]) => {
        const each = data.length / n;
        return [name, { data: data.subarray(first * each, (first + count) * each), dims: [count, ...rest] }];
      },
    ),
  );

const greatestAt = (values: Float32Array): number => values.indexOf(Math.max(...values));
