/**
 * Train rich, serve plain: what training adds folds away. A batch normalisation goes into the convolution or dense layer before it
 * (or, where none is, into the dense layer behind it), an identity branch around a convolution into the kernel's centre tap,
 * dropout goes, a branch of stochastic depth takes its factor along, and what no wanted output needs is left out. The folded network gives the same numbers up to rounding.
 *
 * All sums are in double precision, so that folding the same numbers gives the same file.
 */
import { nodesByName, type Layer, type LayerNode, type NetworkSpec } from './spec.ts';
import { isCentred } from './windows.ts';

/** Parameters and running statistics by name. */
export type Weights = ReadonlyMap<string, Float32Array>;

export interface FoldedNetwork {
  readonly spec: NetworkSpec;
  readonly weights: Map<string, Float32Array>;
}

/** A network being folded: layers that may change, and their numbers in double precision. */
class Folding {
  nodes: LayerNode[];
  outputs: Readonly<Record<string, string>>;
  readonly numbers = new Map<string, Float64Array>();

  constructor({ nodes, outputs }: NetworkSpec, weights: Weights) {
    this.nodes = [...nodes];
    this.outputs = outputs;
    for (const [name, values] of weights) this.numbers.set(name, Float64Array.from(values));
  }

  get(name: string): Float64Array {
    const numbers = this.numbers.get(name);
    if (!numbers) throw new RangeError(`the weights have no "${name}"`);
    return numbers;
  }

  node(name: string): LayerNode {
    return this.nodes.find(node => node.name === name)!;
  }

  /** Layers that take the output of one, and whether it is an output itself. */
  users(name: string): LayerNode[] {
    return this.nodes.filter(({ inputs }) => inputs.includes(name));
  }

  isOutput(name: string): boolean {
    return Object.values(this.outputs).includes(name);
  }

  replace(name: string, node: LayerNode): void {
    this.nodes = this.nodes.map(old => (old.name === name ? node : old));
  }

  /** Takes a layer out; whoever took its output takes that of `instead`. */
  remove(name: string, instead: string): void {
    const swap = (input: string): string => (input === name ? instead : input);
    this.nodes = this.nodes
      .filter(node => node.name !== name)
      .map(node => (node.inputs.includes(name) ? { ...node, inputs: node.inputs.map(swap) } : node));
    this.outputs = Object.fromEntries(Object.entries(this.outputs).map(([key, value]) => [key, swap(value)]));
  }
}

/**
 * @param weights every parameter and running statistic of the network
 * @param outputs to keep; all by default
 * @throws RangeError if a parameter is missing
 */
export const foldNetwork = (
  spec: NetworkSpec,
  weights: Weights,
  outputs: readonly string[] = Object.keys(spec.outputs),
): FoldedNetwork => {
  const folding = new Folding(spec, weights);
  folding.outputs = Object.fromEntries(
    Object.entries(spec.outputs).filter(([name]) => outputs.includes(name)),
  );
  dropUnused(folding);
  dropChance(folding);
  narrowHeads(folding);
  for (const { name, layer } of folding.nodes)
    if (layer.type === 'batchNorm') foldNormalization(folding, name);
  for (const { name, layer } of folding.nodes) if (layer.type === 'add') foldIdentity(folding, name);
  return finish(folding);
};

/** Leaves out layers that no output needs. */
const dropUnused = (folding: Folding): void => {
  const needed = new Set(Object.values(folding.outputs));
  for (const { name, inputs } of folding.nodes.toReversed())
    if (needed.has(name)) for (const input of inputs) needed.add(input);
  folding.nodes = folding.nodes.filter(({ name }) => needed.has(name));
};

/** Layers that do something in training only; the factor of a branch goes into its normalisation. */
const dropChance = (folding: Folding): void => {
  for (const { name, layer, inputs } of folding.nodes) {
    if (layer.type === 'dropout' || layer.type === 'gate') folding.remove(name, folding.node(name).inputs[0]);
    if (layer.type !== 'stochasticAdd') continue;
    const branch = folding.node(inputs[0]);
    if (layer.scaling === 'test' && layer.survival !== 1) {
      const isAlone = folding.users(branch.name).length === 1 && !folding.isOutput(branch.name);
      if (branch.layer.type !== 'batchNorm' || !isAlone) continue;
      for (const part of ['weight', 'bias']) {
        const numbers = folding.get(`${branch.name}.${part}`);
        for (let i = 0; i < numbers.length; i++) numbers[i] *= layer.survival;
      }
    }
    folding.replace(name, { ...folding.node(name), layer: { type: 'add' } });
  }
};

/** A 1x1 convolution whose filters are handed out by slices keeps those that are asked for. */
const narrowHeads = (folding: Folding): void => {
  for (const node of folding.nodes) {
    const { layer, name, shape } = node;
    const users = folding.users(name);
    if (layer.type !== 'conv' || layer.groups > 1 || layer.links) continue;
    if (folding.isOutput(name) || users.length === 0) continue;
    if (!users.every(user => user.layer.type === 'slice')) continue;
    const kept = users.flatMap(({ layer: slice }) =>
      slice.type === 'slice'
        ? Array.from({ length: slice.end - slice.start }, (_, i) => slice.start + i)
        : [],
    );
    if (kept.length === layer.filters) continue;
    for (const part of ['weight', ...(layer.bias === 'none' ? [] : ['bias'])]) {
      const all = folding.get(`${name}.${part}`);
      const each = all.length / layer.filters;
      const narrowed = new Float64Array(kept.length * each);
      for (const [i, filter] of kept.entries())
        narrowed.set(all.subarray(filter * each, (filter + 1) * each), i * each);
      folding.numbers.set(`${name}.${part}`, narrowed);
    }
    folding.replace(name, {
      ...node,
      layer: { ...layer, filters: kept.length },
      shape: [kept.length, ...shape.slice(1)],
    });
    let at = 0;
    for (const user of users) {
      if (user.layer.type !== 'slice') continue;
      const size = user.layer.end - user.layer.start;
      folding.replace(user.name, { ...user, layer: { type: 'slice', start: at, end: at + size } });
      at += size;
    }
  }
};

const foldNormalization = (folding: Folding, name: string): void => {
  const node = folding.node(name);
  const before = folding.node(node.inputs[0]);
  const isAlone = folding.users(before.name).length === 1 && !folding.isOutput(before.name);
  if (isAlone && (before.layer.type === 'conv' || before.layer.type === 'dense')) {
    foldIntoBefore(folding, node, before);
    return;
  }
  const users = folding.users(name);
  const isServed = !folding.isOutput(name) && users.length === 1 && users[0].layer.type === 'dense';
  if (isServed) foldIntoDense(folding, node, users[0]);
};

/** x -> x * scale + shift, by channel. */
const affineOf = (folding: Folding, node: LayerNode): { scale: Float64Array; shift: Float64Array } => {
  const { name, layer, shape } = node;
  const epsilon = layer.type === 'batchNorm' ? layer.epsilon : 0;
  const [gain, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(part =>
    folding.get(`${name}.${part}`),
  );
  const scale = new Float64Array(shape[0]);
  const shift = new Float64Array(shape[0]);
  for (let i = 0; i < shape[0]; i++) {
    scale[i] = gain[i] / Math.sqrt(variance[i] + epsilon);
    shift[i] = bias[i] - mean[i] * scale[i];
  }
  return { scale, shift };
};

/** The filter or unit of each row of a layer's weights. */
const rowOwners = (layer: Layer, count: number): number[] =>
  layer.type === 'conv' && layer.links
    ? layer.links.flatMap((seen, filter) => seen.map(() => filter))
    : Array.from({ length: count }, (_, i) => i);

const foldIntoBefore = (folding: Folding, node: LayerNode, before: LayerNode): void => {
  const { layer, name } = before;
  const { scale, shift } = affineOf(folding, node);
  const weight = folding.get(`${name}.weight`);
  const owners = rowOwners(layer, scale.length);
  const each = weight.length / owners.length;
  for (let i = 0; i < weight.length; i++) weight[i] *= scale[owners[Math.floor(i / each)]];
  const old = folding.numbers.get(`${name}.bias`);
  const points = old ? old.length / scale.length : 1;
  const bias = old ?? new Float64Array(scale.length);
  for (let i = 0; i < bias.length; i++) {
    const channel = Math.floor(i / points);
    bias[i] = bias[i] * scale[channel] + shift[channel];
  }
  folding.numbers.set(`${name}.bias`, bias);
  if (layer.type === 'conv' && layer.bias === 'none')
    folding.replace(name, { ...before, layer: { ...layer, bias: 'filter' } });
  else if (layer.type === 'dense') folding.replace(name, { ...before, layer: { ...layer, bias: true } });
  folding.remove(node.name, name);
};

const foldIntoDense = (folding: Folding, node: LayerNode, dense: LayerNode): void => {
  if (dense.layer.type !== 'dense') return;
  const { scale, shift } = affineOf(folding, node);
  const { units } = dense.layer;
  const weight = folding.get(`${dense.name}.weight`);
  const inputs = scale.length;
  const bias = folding.numbers.get(`${dense.name}.bias`) ?? new Float64Array(units);
  for (let unit = 0; unit < units; unit++) {
    for (let i = 0; i < inputs; i++) {
      bias[unit] += weight[unit * inputs + i] * shift[i];
      weight[unit * inputs + i] *= scale[i];
    }
  }
  folding.numbers.set(`${dense.name}.bias`, bias);
  folding.replace(dense.name, { ...dense, layer: { ...dense.layer, bias: true } });
  folding.remove(node.name, node.inputs[0]);
};

/** conv(x) + x is one convolution, whose kernel has 1 more where a filter looks at its own point. */
const foldIdentity = (folding: Folding, name: string): void => {
  const { inputs } = folding.node(name);
  const conv = folding.node(inputs[0]);
  const isAround =
    inputs.length === 2 &&
    conv.layer.type === 'conv' &&
    isCentred(conv.layer) &&
    conv.layer.groups === 1 &&
    !conv.layer.links &&
    conv.inputs[0] === inputs[1] &&
    folding.users(conv.name).length === 1 &&
    !folding.isOutput(conv.name);
  if (!isAround || conv.layer.type !== 'conv') return;
  const { kernel, filters } = conv.layer;
  const weight = folding.get(`${conv.name}.weight`);
  const taps = kernel[0] * kernel[1];
  const centre = (taps - 1) / 2;
  for (let filter = 0; filter < filters; filter++) weight[(filter * filters + filter) * taps + centre] += 1;
  folding.remove(name, conv.name);
};

const finish = (folding: Folding): FoldedNetwork => {
  const spec: NetworkSpec = { nodes: folding.nodes, outputs: folding.outputs };
  const byName = nodesByName(spec);
  const weights = new Map<string, Float32Array>();
  for (const [name, numbers] of folding.numbers)
    if (byName.has(ownerOf(name))) weights.set(name, Float32Array.from(numbers));
  return { spec, weights };
};

/** The layer that a parameter belongs to: its name without the last part. */
const ownerOf = (parameter: string): string => parameter.slice(0, parameter.lastIndexOf('.'));
