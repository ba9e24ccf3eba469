/**
 * The same network for another board size.
 *
 * A network for 19x19 is convolutions, which fit any size, and a bias of its own for each point. For another board the bias of
 * a point is that of the 19x19 point with the same distance to the nearer edges; the padding stays true zero padding, and
 * sums, means and maxima over the board follow. So a 9x9 corner looks to the network like a 19x19 corner. It plays weaker
 * there than on the size it was trained for.
 */
import type { Dimensions } from '../../engine/coords.ts';
import { PADDING } from '../../features/planes.ts';
import {
  FLOAT32,
  INT64,
  floatsOf,
  integersOf,
  setFloats,
  setIntegers,
  toNumber,
  type OnnxModel,
  type OnnxTensor,
} from '../onnx/onnxFile.ts';

/** Width and height of the boards the networks are trained on. */
export const TRAINED_SIZE = 19;

const TRAINED_AREA = TRAINED_SIZE * TRAINED_SIZE;

/** Changes `model`, made for 19x19, into one for another board. */
export const resizeNetwork = (model: OnnxModel, dimensions: Dimensions): void => {
  const { width, height } = dimensions;
  const area = width * height;
  const sources = Array.from({ length: area }, (_, i) =>
    trainedPoint(i % width, Math.floor(i / width), dimensions),
  );
  const constants = model.graph.node.flatMap(node =>
    node.attribute.flatMap(attribute => (attribute.t ? [attribute.t] : [])),
  );
  for (const tensor of [...model.graph.initializer, ...constants]) {
    if (tensor.data_type === FLOAT32) resizeBias(tensor, sources);
    else if (tensor.data_type === INT64) resizeShape(tensor, area);
  }
  for (const { type } of [...model.graph.input, ...model.graph.output]) {
    const { dim } = type.tensor_type.shape;
    const sizes = dim.map(({ dim_value }) => (dim_value === undefined ? 0 : toNumber(dim_value)));
    if (dim.length === 4) {
      dim[2] = { dim_value: height + 2 * PADDING };
      dim[3] = { dim_value: width + 2 * PADDING };
    } else if (sizes.at(-1) === TRAINED_AREA) dim[dim.length - 1] = { dim_value: area };
  }
};

/** Policy index on 19x19 of the point as far from the nearer edges; in the middle where the board is larger. */
const trainedPoint = (x: number, y: number, { width, height }: Dimensions): number =>
  trainedCoordinate(y, height) * TRAINED_SIZE + trainedCoordinate(x, width);

const trainedCoordinate = (at: number, length: number): number => {
  const middle = (TRAINED_SIZE - 1) / 2;
  const fromEnd = length - 1 - at;
  return at <= fromEnd ? Math.min(at, middle) : TRAINED_SIZE - 1 - Math.min(fromEnd, middle);
};

/** A tensor whose last axis is the 361 points: takes the value of each point's source. */
const resizeBias = (tensor: OnnxTensor, sources: readonly number[]): void => {
  const dims = tensor.dims.map(toNumber);
  if (dims.at(-1) !== TRAINED_AREA) return;
  const values = floatsOf(tensor);
  const rows = values.length / TRAINED_AREA;
  const resized = new Float32Array(rows * sources.length);
  for (let row = 0; row < rows; row++) {
    for (const [i, source] of sources.entries())
      resized[row * sources.length + i] = values[row * TRAINED_AREA + source];
  }
  setFloats(tensor, resized);
  tensor.dims = [...dims.slice(0, -1), sources.length];
};

/** A shape with the 361 points in it. */
const resizeShape = (tensor: OnnxTensor, area: number): void => {
  const values = integersOf(tensor);
  if (values.includes(TRAINED_AREA))
    setIntegers(
      tensor,
      values.map(value => (value === TRAINED_AREA ? area : value)),
    );
};
