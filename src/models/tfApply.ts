/** One layer of a specification as TensorFlow.js layers: its own where it has them, otherwise ours. Inside, boards are channels last. */
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LayerNode } from './spec.ts';
import { Dropout, Gate, StochasticAdd } from './tfChance.ts';
import { BoardMax, BoardNorm, ChannelSlice, PointBias, Scale } from './tfLayers.ts';
import { LocalResponseNorm, PadShortcut, RadialBasis, ScaledTanh, WordTable } from './tfUnits.ts';
import { AdaptiveMean, BoardConv, BoardPool, Subsample } from './tfWindows.ts';

/** The classes of ours that a saved network may have; they are registered when this module is imported. */
export const OWN_LAYERS = [
  PointBias,
  BoardNorm,
  BoardMax,
  ChannelSlice,
  Scale,
  BoardConv,
  BoardPool,
  AdaptiveMean,
  Subsample,
  ScaledTanh,
  LocalResponseNorm,
  PadShortcut,
  RadialBasis,
  WordTable,
  Dropout,
  Gate,
  StochasticAdd,
] as const;

/** Name of the layer that adds the bias of each point for a convolution. */
export const pointBiasOf = (name: string): string => `${name}.points`;

/** Puts one layer of the specification behind its inputs. */
export const applyLayer = (node: LayerNode, from: SymbolicTensor[]): SymbolicTensor => {
  const { name, layer, shape } = node;
  const apply = (tf: layers.Layer, to: SymbolicTensor | SymbolicTensor[] = from[0]): SymbolicTensor =>
    tf.apply(to) as SymbolicTensor;
  switch (layer.type) {
    case 'conv': {
      const { type: _, bias, ...rest } = layer;
      const convolved = apply(new BoardConv({ name, ...rest, hasBias: bias === 'filter' }));
      const hasPoints = bias === 'point';
      return hasPoints ? apply(new PointBias({ name: pointBiasOf(name) }), convolved) : convolved;
    }
    case 'dense':
      return apply(
        layers.dense({ name, units: layer.units, useBias: layer.bias, kernelInitializer: 'zeros' }),
      );
    case 'batchNorm':
      return apply(
        new BoardNorm({
          name,
          epsilon: layer.epsilon,
          ...(layer.rate === undefined ? {} : { rate: layer.rate }),
        }),
      );
    case 'relu':
    case 'tanh':
    case 'softmax':
      return apply(layers.activation({ name, activation: layer.type }));
    case 'add':
      return apply(layers.add({ name }), from);
    case 'concat':
      return apply(layers.concatenate({ name, axis: -1 }), from);
    case 'slice':
      return apply(new ChannelSlice({ name, start: layer.start, end: layer.end }));
    case 'scale':
      return apply(new Scale({ name, factor: layer.factor }));
    case 'globalMean':
      return apply(layers.globalAveragePooling2d({ name }));
    case 'globalMax':
      return apply(new BoardMax({ name }));
    case 'scaledTanh':
      return apply(new ScaledTanh({ name, amplitude: layer.amplitude, slope: layer.slope }));
    case 'maxPool':
    case 'meanPool': {
      const mode = layer.type === 'maxPool' ? 'max' : 'mean';
      const { kernel, stride, pads } = layer;
      return apply(new BoardPool({ name, kernel, stride, pads, mode }));
    }
    case 'adaptiveMean':
      return apply(new AdaptiveMean({ name, size: layer.size }));
    case 'subsample':
      return apply(new Subsample({ name, size: layer.size }));
    case 'localResponseNorm': {
      const { size, alpha, beta, bias } = layer;
      return apply(new LocalResponseNorm({ name, size, alpha, beta, bias }));
    }
    case 'dropout':
      return apply(new Dropout({ name, rate: layer.rate }));
    case 'padShortcut': {
      const { stride, before, behind } = layer;
      return apply(new PadShortcut({ name, stride, before, behind }));
    }
    case 'gate':
      return apply(new Gate({ name, survival: layer.survival }));
    case 'stochasticAdd': {
      const { survival, mode, scaling } = layer;
      return apply(new StochasticAdd({ name, survival, mode, scaling }), from);
    }
    case 'radialBasis':
      return apply(new RadialBasis({ name, centres: layer.centres }));
    case 'embedding': {
      const { words, size, trainable } = layer;
      return apply(new WordTable({ name, words, size, trainable }));
    }
    case 'flatten': {
      // Channels first again, the order that dense layers' weights are in.
      const isBoard = from[0].shape.length === 4;
      const ordered = isBoard
        ? apply(layers.permute({ dims: [3, 1, 2], name: `${name}.channelsFirst` }))
        : from[0];
      return apply(layers.reshape({ targetShape: [...shape], name }), ordered);
    }
    default:
      throw new Error(`${name}: an ${layer.type} stands behind nothing`);
  }
};
