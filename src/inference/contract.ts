/** Whether an ONNX graph is a network of our form (weights/README.md), and what it takes and gives. */
import { OUTPUTS, type Output } from '../../engine/evaluator.ts';
import { PADDING, PLANES, VALUE_PLANES } from '../../features/planes.ts';
import { NetworkError } from './networkError.ts';
import { OnnxError, decodeOnnx, toNumber, type OnnxModel, type OnnxValueInfo } from '../onnx/onnxFile.ts';
import { TRAINED_SIZE } from './resize.ts';

/** What a network takes and gives. */
export interface NetworkForm {
  /** 48, or 49 with the color to move. */
  readonly planes: number;
  readonly takesKomi: boolean;
  readonly outputs: readonly Output[];
}

/** @param name for the message @throws NetworkError if the bytes are no ONNX model */
export const decodeNetwork = (bytes: Uint8Array, name: string): OnnxModel => {
  try {
    return decodeOnnx(bytes, name);
  } catch (error) {
    if (error instanceof OnnxError) throw new NetworkError('format', error.message, { cause: error });
    throw error;
  }
};

const PADDED = TRAINED_SIZE + 2 * PADDING;
const AREA = TRAINED_SIZE * TRAINED_SIZE;

/** @param name for messages @throws NetworkError saying what differs from the form and what it should be */
export const formOf = ({ graph }: OnnxModel, name: string): NetworkForm => {
  const inputs = new Map(graph.input.map(info => [info.name, sizesOf(info)]));
  const outputs = new Map(graph.output.map(info => [info.name, sizesOf(info)]));
  const planes = inputs.get('planes');
  if (!planes) throw shapeError(name, `has no input "planes"; its inputs are ${list(inputs)}`);
  const count = planes[1];
  if (
    planes.length !== 4 ||
    (count !== PLANES && count !== VALUE_PLANES) ||
    planes[2] !== PADDED ||
    planes[3] !== PADDED
  ) {
    throw shapeError(
      name,
      `input "planes" is [${planes.join(', ')}], not [n, 48 or 49, ${PADDED}, ${PADDED}]`,
    );
  }
  if (planes[0] !== 'n' && planes[0] > 0)
    throw shapeError(
      name,
      `takes ${planes[0]} ${planes[0] === 1 ? 'position' : 'positions'} at a time, no more and no less: export it with a dynamic first axis`,
    );
  for (const input of inputs.keys()) {
    if (input !== 'planes' && input !== 'komi')
      throw shapeError(name, `has an unknown input "${input}": "planes" and "komi" are known`);
  }
  if (!outputs.has('policy'))
    throw shapeError(name, `has no output "policy"; its outputs are ${list(outputs)}`);
  for (const output of OUTPUTS) {
    const sizes = outputs.get(output);
    if (!sizes) continue;
    const perPoint = isPerPoint(output);
    if (perPoint ? sizes.length !== 2 || sizes[1] !== AREA : sizes.length !== 1) {
      throw shapeError(
        name,
        `output "${output}" is [${sizes.join(', ')}], not ${perPoint ? `[n, ${AREA}]` : '[n]'}`,
      );
    }
  }
  return {
    planes: count,
    takesKomi: inputs.has('komi'),
    outputs: OUTPUTS.filter(output => outputs.has(output)),
  };
};

/** Whether an output has a number for each point, or one a position. */
export const isPerPoint = (output: Output): boolean =>
  output === 'policy' || output === 'expert' || output === 'ownership';

/** Sizes of an input or output; a dynamic one is 'n'. */
const sizesOf = ({ type }: OnnxValueInfo): (number | 'n')[] =>
  type.tensor_type.shape.dim.map(({ dim_value, dim_param }) =>
    dim_param || dim_value === undefined ? 'n' : toNumber(dim_value),
  );

const list = (values: Map<string, unknown>): string =>
  [...values.keys()].map(key => `"${key}"`).join(', ') || 'none';

const shapeError = (name: string, what: string): NetworkError =>
  new NetworkError('shape', `network ${name}: ${what}`);
