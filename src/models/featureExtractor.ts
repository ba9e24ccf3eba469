/** What inner layers of a model give. */
import { model as layersModel, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';

/** More names than this tell nobody anything. */
const MOST_NAMES = 12;

/**
 * A model of the same inputs and weights that gives what these layers give, in their order. Boards are [n, height, width, channels].
 * @param names as in the specification: "layer3.5.relu", "pool5"
 * @throws RangeError for no names, or one that no layer has, with those that come nearest
 */
export const featureExtractor = (model: LayersModel, names: readonly string[]): LayersModel => {
  if (names.length === 0) throw new RangeError('names of layers: one at least');
  const outputs = names.map(name => {
    const layer = model.layers.find(candidate => candidate.name === name);
    if (!layer) throw new RangeError(`there is no layer "${name}": ${nearest(model, name)}`);
    return layer.output as SymbolicTensor;
  });
  return layersModel({ inputs: model.inputs, outputs });
};

/** Layers whose names begin alike. */
const nearest = (model: LayersModel, name: string): string => {
  const names = model.layers.map(layer => layer.name);
  for (let length = name.length; length > 0; length--) {
    const found = names.filter(other => other.startsWith(name.slice(0, length)));
    if (found.length > 0) return `one of ${found.slice(0, MOST_NAMES).join(', ')}`;
  }
  return `one of ${names.slice(0, MOST_NAMES).join(', ')}, ...`;
};
