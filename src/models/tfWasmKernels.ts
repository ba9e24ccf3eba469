/**
 * What TensorFlow.js's WebAssembly backend lacks for training: the gradient of a convolution for its kernel, a fast one for its
 * input, and that of a table for its rows. The first two are convolutions themselves, so they run on the backend's own, which is its
 * fastest operation.
 */
import {
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  UnsortedSegmentSum,
  backend_util,
  conv2d,
  getKernel,
  registerKernel,
  reverse,
  slice,
  tidy,
  transpose,
  unregisterKernel,
  type KernelFunc,
  type TensorInfo,
  type Tensor4D,
} from '@tensorflow/tfjs-core';

/** What both kernels are told. */
interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shape4D = [number, number, number, number];

/** @throws Error for channels first, which the backend's own convolution refuses too */
const convolutionInfo = (
  inputShape: Shape4D,
  kernelShape: Shape4D,
  { strides, pad, dataFormat, dimRoundingMode }: ConvolutionAttributes,
): ReturnType<typeof backend_util.computeConv2DInfo> => {
  if (dataFormat !== 'NHWC') throw new Error(`the wasm backend convolves NHWC only, not ${dataFormat}`);
  return backend_util.computeConv2DInfo(inputShape, kernelShape, strides, 1, pad, dimRoundingMode);
};

/**
 * Channels become the batch and the batch channels: tap (i, j) of the gradient is the product of the input moved by (i, j) and the
 * upstream gradient, summed over all points of all positions. A stride of the convolution is a dilation here.
 */
const kernelGradient: KernelFunc = ({ inputs, attrs }) =>
  tidy((): Tensor4D => {
    const { x, dy } = inputs as unknown as Record<'x' | 'dy', Tensor4D>;
    const { filterShape, ...attributes } = attrs as unknown as ConvolutionAttributes & {
      readonly filterShape: Shape4D;
    };
    const [height, width, channels, filters] = filterShape;
    const { padInfo, strideHeight, strideWidth } = convolutionInfo(x.shape, filterShape, attributes);
    const { top, bottom, left, right } = padInfo;
    const gradient = conv2d(
      transpose(x, [3, 1, 2, 0]),
      transpose(dy, [1, 2, 0, 3]),
      1,
      [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ],
      'NHWC',
      [strideHeight, strideWidth],
    );
    // Points beyond the last stride have taps of their own, which no kernel has.
    const own = slice(gradient, [0, 0, 0, 0], [channels, height, width, filters]);
    return transpose(own, [1, 2, 0, 3]);
  });

/** With stride 1: the upstream gradient convolved with the kernel turned by half a turn. */
const inputGradient =
  (original: KernelFunc): KernelFunc =>
  parameters => {
    const { dy, filter } = parameters.inputs as unknown as Record<'dy' | 'filter', Tensor4D>;
    const { inputShape, ...attributes } = parameters.attrs as unknown as ConvolutionAttributes & {
      readonly inputShape: Shape4D;
    };
    const { padInfo, strideHeight, strideWidth } = convolutionInfo(inputShape, filter.shape, attributes);
    if (strideHeight !== 1 || strideWidth !== 1) return original(parameters);
    const [height, width] = filter.shape;
    const { top, bottom, left, right } = padInfo;
    return tidy(() =>
      conv2d(dy, transpose(reverse(filter, [0, 1]), [0, 1, 3, 2]), 1, [
        [0, 0],
        [height - 1 - top, height - 1 - bottom],
        [width - 1 - left, width - 1 - right],
        [0, 0],
      ]),
    );
  };

/** The parts of the backend that {@link segmentSum} asks. */
interface WasmMemory {
  makeOutput(shape: readonly number[], dtype: 'float32' | 'int32'): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array;
}

/**
 * The gradient of an embedding: each row of x, shape [rows, ...], is added to the row of the result that its segment names, shape
 * [numSegments, ...]. A segment below 0 is of no row.
 * @throws RangeError naming a segment that is too high
 */
const segmentSum: KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, segmentIds } = inputs as unknown as Record<'x' | 'segmentIds', TensorInfo>;
  const { numSegments } = attrs as unknown as { readonly numSegments: number };
  const memory = backend as unknown as WasmMemory;
  const width = x.shape.slice(segmentIds.shape.length).reduce((size, dim) => size * dim, 1);
  const out = memory.makeOutput(
    [numSegments, ...x.shape.slice(segmentIds.shape.length)],
    x.dtype === 'int32' ? 'int32' : 'float32',
  );
  // Asked for after the output has its memory: making that may move the heap.
  const [values, segments, sums] = [x, segmentIds, out].map(tensor => memory.typedArrayFromHeap(tensor));
  sums.fill(0);
  for (let row = 0; row < segments.length; row++) {
    const segment = segments[row];
    if (segment >= numSegments) throw new RangeError(`there is no row ${segment} of ${numSegments}`);
    if (segment < 0) continue;
    const [to, from] = [segment * width, row * width];
    for (let i = 0; i < width; i++) sums[to + i] += values[from + i];
  }
  return out;
};

/** Makes the `wasm` backend able to train convolutions and embeddings. Once is enough; more often does no harm. */
export const registerWasmKernels = (): void => {
  const backendName = 'wasm';
  if (getKernel(Conv2DBackpropFilter, backendName)) return;
  registerKernel({ kernelName: Conv2DBackpropFilter, backendName, kernelFunc: kernelGradient });
  registerKernel({ kernelName: UnsortedSegmentSum, backendName, kernelFunc: segmentSum });
  const own = getKernel(Conv2DBackpropInput, backendName);
  unregisterKernel(Conv2DBackpropInput, backendName);
  registerKernel({ ...own, kernelFunc: inputGradient(own.kernelFunc) });
};
