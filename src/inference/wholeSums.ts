/**
 * Whether ONNX Runtime adds up products of 8-bit numbers as they are. On x64 without VNNI it adds two of them in 16 bits, which
 * end at 32,767: 255 * 127 + 255 * 127 does not fit, and of 13x64 1 to 2 % of the probability moves. Told to be exact it takes
 * another way, right everywhere, which takes 2.6 times as long with VNNI; so it is told only where it has to be. No processor says
 * to Node.js what it is made for: it is asked for a sum.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { GraphWriter, int, ints } from '../onnx/graphWriter.ts';
import { INT8, UINT8 } from '../onnx/onnxFile.ts';
import { TRAINED_SIZE } from './resize.ts';

const CHANNELS = 4;
const FILTERS = 16;
const KERNEL = 3;
const TAPS = CHANNELS * KERNEL * KERNEL;
const AREA = TRAINED_SIZE * TRAINED_SIZE;
const GREATEST_INPUT = 255;
const GREATEST_WEIGHT = 127;
/** What all weights and inputs at their greatest come to. */
const SUM = TAPS * GREATEST_WEIGHT * GREATEST_INPUT;

/** The parts of a runtime that are asked. */
interface Asked {
  readonly open: (model: Uint8Array) => Promise<InferenceSession>;
  readonly Tensor: new (type: 'float32', data: Float32Array, dimensions: readonly number[]) => Tensor;
}

/** @throws what opening or running a session fails with */
export const addsWholeSums = async ({ open, Tensor: Floats }: Asked): Promise<boolean> => {
  const session = await open(writeSum());
  try {
    const x = new Float32Array(CHANNELS * AREA).fill(GREATEST_INPUT);
    const { y } = await session.run({
      x: new Floats('float32', x, [1, CHANNELS, TRAINED_SIZE, TRAINED_SIZE]),
    });
    const middle = (AREA - 1) / 2;
    return Math.abs((y.data as Float32Array)[middle] - SUM) < 0.01 * SUM;
  } finally {
    await session.release();
  }
};

/** One convolution in whole numbers, as `hane quantize` writes them. */
const writeSum = (): Uint8Array => {
  const writer = new GraphWriter();
  const one = writer.floats('one', Float32Array.of(1), []);
  const zero = writer.numbers('zero', UINT8, Uint8Array.of(0), []);
  const round = (name: string, scale: string): string => {
    const whole = writer.node('QuantizeLinear', `${name} whole`, [name, scale, zero]);
    return writer.node('DequantizeLinear', `${name} rounded`, [whole, scale, zero]);
  };
  const x = round(writer.input('x', [1, CHANNELS, TRAINED_SIZE, TRAINED_SIZE]), one);
  const weights = new Int8Array(FILTERS * TAPS).fill(GREATEST_WEIGHT);
  const weight = writer.node(
    'DequantizeLinear',
    'weight rounded',
    [
      writer.numbers('weight', INT8, weights, [FILTERS, CHANNELS, KERNEL, KERNEL]),
      writer.floats('weight scales', new Float32Array(FILTERS).fill(1), [FILTERS]),
      writer.numbers('weight zeros', INT8, new Int8Array(FILTERS), [FILTERS]),
    ],
    [int('axis', 0)],
  );
  const sums = writer.node('Conv', 'sums', [x, weight], [ints('pads', [1, 1, 1, 1])]);
  const step = writer.floats('step', Float32Array.of(SUM / GREATEST_INPUT), []);
  writer.node('Identity', 'y', [round(sums, step)]);
  writer.output('y', [1, FILTERS, TRAINED_SIZE, TRAINED_SIZE]);
  return writer.finish('sum');
};
