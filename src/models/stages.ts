/**
 * A network in a few lines: stages are what papers' tables have as rows. Layers named after a block belong together
 * ("layer3.5.conv1", "inception4a.branch2.0"), the others by the size of their board; blocks that are the same are told once.
 */
import { describeNetwork, type LayerDescription } from './describe.ts';
import { nodesByName, type Layer, type LayerNode, type NetworkSpec } from './spec.ts';

export interface Stage {
  /** Of its block, or what it is; none where only the size of the board makes it one. */
  readonly name: string;
  /** Of what it gives. */
  readonly shape: readonly number[];
  /** What it does, a line for each block or layer. */
  readonly lines: readonly string[];
  readonly parameters: number;
  readonly macs: number;
  /** Whether it hangs on the side: a head for training only. */
  readonly isSide: boolean;
  /** Whether its blocks add to what comes in. */
  readonly isResidual: boolean;
  /** Channels of each branch, where it joins some at its end. */
  readonly branches: readonly number[];
}

/** Layers that a summary names; the others belong to the one before them. */
const NAMED: ReadonlySet<Layer['type']> = new Set([
  'conv',
  'dense',
  'maxPool',
  'meanPool',
  'adaptiveMean',
  'globalMean',
  'globalMax',
  'subsample',
  'localResponseNorm',
  'dropout',
  'radialBasis',
  'embedding',
  'softmax',
] as const);

/** In the order of the specification; the input is none. */
export const networkStages = (spec: NetworkSpec): Stage[] => {
  const byName = nodesByName(spec);
  const parts: { readonly key: string; readonly layers: LayerDescription[] }[] = [];
  for (const layer of describeNetwork(spec).layers) {
    if (layer.type === 'input') continue;
    const key = stageKey(layer);
    const known = parts.find(part => part.key === key);
    if (known) known.layers.push(layer);
    else parts.push({ key, layers: [layer] });
  }
  // A stage stands where it ends: what joins branches comes behind them.
  const places = new Map(spec.nodes.map(({ name }, i) => [name, i]));
  const endOf = ({ layers }: (typeof parts)[number]): number => places.get(layers.at(-1)!.name)!;
  const inOrder = parts.toSorted((a, b) => endOf(a) - endOf(b));
  return inOrder.map(({ key, layers }) => {
    const named = layers.filter(({ type, name }) => NAMED.has(type) && !isShortcut(name));
    const last = byName.get(layers.at(-1)!.name)!;
    const shape = (layers.findLast(({ name }) => !isShortcut(name)) ?? layers[0]).shape;
    return {
      name: key.startsWith('at ') ? '' : key,
      shape,
      lines: linesOf(named.map(layer => byName.get(layer.name)!)),
      parameters: layers.reduce((sum, { parameters }) => sum + parameters, 0),
      macs: layers.reduce((sum, { macs }) => sum + macs, 0),
      isSide: key.startsWith('aux'),
      isResidual: layers.some(({ name }) => RESIDUAL.test(name)),
      branches:
        last.layer.type === 'concat' && last.shape.length === 3
          ? last.inputs.map(input => byName.get(input)!.shape[0])
          : [],
    };
  });
};

/** Where a block adds its shortcut. */
const RESIDUAL = /\.add$/;

const isShortcut = (name: string): boolean => /\.(downsample|shortcut)\b/.test(name);

/**
 * "layer3" of "layer3.5.conv1", "inception4a" of "inception4a.branch1.conv"; otherwise the size of the board. What is one number for a
 * point, or for a few things said of it, is the head's.
 */
const stageKey = ({ name, shape, type }: LayerDescription): string => {
  const block = /^(layer\d+|inception\d\w|aux\d)\b/.exec(name);
  if (block) return block[1];
  if (/^head\b/.test(name) || (shape.length === 3 && shape[0] === 1)) return 'head';
  // Filters of several heights side by side give boards of several sizes.
  const isSentence = shape.length === 3 && shape[2] === 1 && shape[1] > 1;
  if (isSentence) return type === 'conv' || type === 'relu' ? 'over time' : 'words';
  return shape.length === 3 ? `at ${shape[1]}x${shape[2]}` : 'head';
};

/** "layer3.5" of "layer3.5.conv1", "inception4a.branch2" of "inception4a.branch2.0.conv": layers of one block are one line. */
const blockOf = (name: string): string | undefined =>
  /^(layer\d+\.\d+|inception\d\w\.branch\d)/.exec(name)?.[0];

const linesOf = (nodes: readonly LayerNode[]): string[] => {
  const lines: { readonly block: string | undefined; text: string }[] = [];
  for (const { name, layer, shape } of nodes) {
    const block = blockOf(name);
    const text = shortText(layer, shape);
    const last = lines.at(-1);
    if (last && block !== undefined && last.block === block) last.text += `, ${text}`;
    else lines.push({ block, text });
  }
  const told: { readonly text: string; count: number }[] = [];
  for (const { text } of lines) {
    const last = told.at(-1);
    if (last?.text === text) last.count++;
    else told.push({ text, count: 1 });
  }
  return told.map(({ text, count }) => (count > 1 ? `${count} times ${text}` : text));
};

/** "3x3 / 2, 64" for a convolution, a few words for others. */
const shortText = (layer: Layer, shape: readonly number[]): string => {
  if (layer.type === 'conv') {
    const { kernel, stride, groups, filters, links } = layer;
    const step = stride.some(value => value > 1) ? ` / ${Math.max(...stride)}` : '';
    const parts = groups > 1 ? ` in ${groups} groups` : links ? ` with ${links.flat().length} links` : '';
    return `${kernel.join('x')} conv ${filters}${step}${parts}`;
  }
  if (layer.type === 'maxPool' || layer.type === 'meanPool') {
    const { kernel, stride } = layer;
    return `${layer.type === 'maxPool' ? 'max' : 'mean'} pool ${kernel.join('x')} / ${Math.max(...stride)}`;
  }
  if (layer.type === 'dense') return `dense ${layer.units}`;
  if (layer.type === 'dropout') return `dropout ${layer.rate}`;
  if (layer.type === 'embedding')
    return `${layer.words} words of ${layer.size}${layer.trainable ? '' : ', given'}`;
  if (layer.type === 'subsample') return `sub-sampling ${layer.size}x${layer.size}`;
  if (layer.type === 'localResponseNorm') return 'local response norm';
  if (layer.type === 'radialBasis') return `distances to ${shape[0]} codes`;
  if (layer.type === 'adaptiveMean') return `mean to ${layer.size.join('x')}`;
  return { globalMean: 'global mean', globalMax: 'global max', softmax: 'softmax' }[layer.type as 'softmax'];
};
