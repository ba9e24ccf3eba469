/**
 * What TensorFlow.js's WebAssembly backend lacks for training: the gradient of a convolution for its kernel, a fast one for its
 * input, that of a table for its rows, and a right one of a max pool. The first two are convolutions themselves, so they run on the
 * backend's own, which is its fastest operation.
 */
import {
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  MaxPoolGrad,
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

/** What {@link maxPoolGradient} is told. */
interface PoolAttributes extends Pick<ConvolutionAttributes, 'pad' | 'dimRoundingMode'> {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
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

/** The parts of the backend that kernels in JavaScript ask. */
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

/**
 * The gradient of a max pool: each window's goes to its greatest number, the first of equal ones. The backend's own looks for numbers
 * above 0 only, so that a window without any has none.
 */
const maxPoolGradient: KernelFunc = ({ inputs, attrs, backend }) => {
  const { dy, input } = inputs as unknown as Record<'dy' | 'input', TensorInfo>;
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes;
  const info = backend_util.computePool2DInfo(
    input.shape as Shape4D,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const memory = backend as unknown as WasmMemory;
  const out = memory.makeOutput(input.shape, 'float32');
  // As in segmentSum.
  const [values, slopes, sums] = [input, dy, out].map(tensor => memory.typedArrayFromHeap(tensor));
  sums.fill(0);
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info;
  let window = 0;
  for (let n = 0; n < batchSize; n++)
    for (let outY = 0; outY < outHeight; outY++) {
      const y = outY * info.strideHeight - padInfo.top;
      const [top, bottom] = [Math.max(0, y), Math.min(inHeight, y + info.filterHeight)];
      for (let outX = 0; outX < outWidth; outX++) {
        const x = outX * info.strideWidth - padInfo.left;
        const [left, right] = [Math.max(0, x), Math.min(inWidth, x + info.filterWidth)];
        for (let channel = 0; channel < inChannels; channel++, window++) {
          let most = -Infinity;
          let place = -1;
          for (let row = top; row < bottom; row++) {
            let at = ((n * inHeight + row) * inWidth + left) * inChannels + channel;
            for (let column = left; column < right; column++, at += inChannels)
              if (values[at] > most) {
                most = values[at];
                place = at;
              }
          }
          if (place !== -1) sums[place] += slopes[window];
        }
      }
    }
  return out;
};

/** Makes the `wasm` backend able to train convolutions and embeddings. Once is enough; more often does no harm. */
export const registerWasmKernels = (): void => {
  const backendName = 'wasm';
  if (getKernel(Conv2DBackpropFilter, backendName)) return;
  registerKernel({ kernelName: Conv2DBackpropFilter, backendName, kernelFunc: kernelGradient });
  registerKernel({ kernelName: UnsortedSegmentSum, backendName, kernelFunc: segmentSum });
  unregisterKernel(MaxPoolGrad, backendName);
  registerKernel({ kernelName: MaxPoolGrad, backendName, kernelFunc: maxPoolGradient });
  const own = getKernel(Conv2DBackpropInput, backendName);
  unregisterKernel(Conv2DBackpropInput, backendName);
  registerKernel({ ...own, kernelFunc: inputGradient(own.kernelFunc) });
};
