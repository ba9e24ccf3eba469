/**
 * The Go networks: AlphaGo's policy network in any depth and width with further heads, its value network, and a residual tower.
 * Source: Silver et al., Nature 529 (2016), Methods; the tower: Silver et al., Nature 550 (2017), Methods.
 */
import { PADDING, PLANES, VALUE_PLANES } from '../../features/planes.ts';
import { KOMI_SCALE, LEAD_SCALE } from '../../features/scales.ts';
import { SpecBuilder, SpecError, type NetworkSpec } from './spec.ts';

const SIZE = 19;
const PADDED = SIZE + 2 * PADDING;
const AREA = SIZE * SIZE;

/** Heads beside the policy. `value` stands for value, lead and passing, which share their layers; `reply` is for training only. */
export const HEADS = ['expert', 'reply', 'ownership', 'value'] as const;
export type Head = (typeof HEADS)[number];

export interface PolicyNetworkOptions {
  /** Convolutional layers with the 1x1 at the end, as the paper counts. */
  readonly layers: number;
  readonly filters: number;
  /** Heads beside the policy; all by default. */
  readonly heads?: readonly Head[];
  /** Whether to normalise behind each convolution, for training; folds away. */
  readonly batchNorm?: boolean;
  /** Whether each 3x3 layer adds its input before its ReLU, for training; folds away. */
  readonly identity?: boolean;
}

/** Units of the value head's hidden layer. */
const VALUE_UNITS = 64;

/**
 * AlphaGo's policy network: 5x5, then 3x3 layers, then a 1x1 layer with a bias for each point. Names of parameters are those of
 * the starting network's unfolded form.
 * @throws RangeError for fewer than 2 layers or a filter
 */
export const policyNetwork = ({
  layers,
  filters,
  heads = HEADS,
  batchNorm = true,
  identity = true,
}: PolicyNetworkOptions): NetworkSpec => {
  checkSize('layers', layers, 2);
  checkSize('filters', filters, 1);
  const net = new SpecBuilder();
  const planes = net.input('planes', [PLANES, PADDED, PADDED]);
  let x = planes;
  for (let i = 0; i < layers - 1; i++) {
    const name = `blocks.${i}`;
    const before = x;
    x = net.conv(`${name}.conv`, x, {
      filters,
      size: i === 0 ? 5 : 3,
      padding: i === 0 ? 'valid' : 'same',
      bias: batchNorm ? 'none' : 'filter',
    });
    if (batchNorm) x = net.batchNorm(`${name}.bn`, x);
    if (identity && i > 0) x = net.add(`${name}.add`, x, before);
    x = net.relu(`${name}.relu`, x);
  }
  return addHeads(net, x, heads);
};

export interface ResidualTowerOptions {
  /** Blocks of two 3x3 layers with a shortcut around them. */
  readonly blocks: number;
  readonly filters: number;
  readonly heads?: readonly Head[];
}

/** A residual tower under the same heads, as AlphaGo Zero's: 5x5, then blocks of two 3x3 layers. Its shortcuts stay. */
export const residualTower = ({ blocks, filters, heads = HEADS }: ResidualTowerOptions): NetworkSpec => {
  checkSize('blocks', blocks, 1);
  checkSize('filters', filters, 1);
  const net = new SpecBuilder();
  const planes = net.input('planes', [PLANES, PADDED, PADDED]);
  const layer = (name: string, input: string, options: { size: number; padding: 'same' | 'valid' }): string =>
    net.batchNorm(`${name}.bn`, net.conv(`${name}.conv`, input, { filters, ...options }));
  let x = net.relu('stem.relu', layer('stem', planes, { size: 5, padding: 'valid' }));
  for (let i = 0; i < blocks; i++) {
    const name = `tower.${i}`;
    const inner = net.relu(`${name}.0.relu`, layer(`${name}.0`, x, { size: 3, padding: 'same' }));
    const sum = net.add(`${name}.add`, layer(`${name}.1`, inner, { size: 3, padding: 'same' }), x);
    x = net.relu(`${name}.relu`, sum);
  }
  return addHeads(net, x, heads);
};

export interface ValueNetworkOptions {
  /** Layers with weights: 15 in the paper, 13 convolutions (5x5, eleven 3x3, 1x1) and two fully connected ones. */
  readonly layers?: number;
  readonly filters: number;
  /** Units of the fully connected layer: 256 in the paper. */
  readonly units?: number;
  readonly batchNorm?: boolean;
}

/**
 * AlphaGo's value network: 49 planes, the policy's trunk with one more 3x3 layer, 1x1 to one filter, 256 fully connected units,
 * tanh. Whether the 1x1 layer has a ReLU is not said in the paper; here it has.
 */
export const valueNetwork = ({
  layers = 15,
  filters,
  units = 256,
  batchNorm = false,
}: ValueNetworkOptions): NetworkSpec => {
  checkSize('layers', layers, 4);
  checkSize('filters', filters, 1);
  const net = new SpecBuilder();
  const convolutions = layers - 2;
  let x = net.input('planes', [VALUE_PLANES, PADDED, PADDED]);
  for (let i = 0; i < convolutions; i++) {
    const name = `blocks.${i}`;
    const isLast = i === convolutions - 1;
    x = net.conv(`${name}.conv`, x, {
      filters: isLast ? 1 : filters,
      size: i === 0 ? 5 : isLast ? 1 : 3,
      padding: i === 0 ? 'valid' : 'same',
      bias: batchNorm ? 'none' : 'filter',
    });
    if (batchNorm) x = net.batchNorm(`${name}.bn`, x);
    x = net.relu(`${name}.relu`, x);
  }
  const hidden = net.relu('v1.relu', net.dense('v1', net.flatten('flat', x), units));
  return net.finish({ value: net.tanh('value', net.dense('v2', hidden, 1)) });
};

/** The networks that {@link goNetwork} knows, as people write them. */
export const GO_NETWORKS = ['policy-LAYERSxFILTERS', 'tower-BLOCKSxFILTERS', 'value-LAYERSxFILTERS'] as const;

export interface GoNetworkOptions {
  readonly heads?: readonly Head[];
  /** Normalisation and identity branches while training: yes by default. A tower has them always. */
  readonly batchNorm?: boolean;
  readonly identity?: boolean;
}

/**
 * A network by its name: "policy-13x64", or "13x64" for short; "tower-6x96"; "value-15x64".
 * @throws SpecError if there is no such network, or an option is not for its kind
 */
export const goNetwork = (name: string, options: GoNetworkOptions = {}): NetworkSpec => {
  const match = /^(?:(policy|tower|value)-)?(\d+)x(\d+)$/.exec(name);
  if (!match) throw new SpecError(`unknown network "${name}": one of ${GO_NETWORKS.join(', ')}`);
  const [, kind = 'policy', depth, width] = match;
  const [layers, filters] = [Number(depth), Number(width)];
  const { batchNorm = true, identity = true, heads = HEADS } = options;
  if (kind === 'tower') {
    if (!batchNorm || !identity)
      throw new SpecError(`${name}: a tower is always normalised, and its shortcuts stay`);
    return residualTower({ blocks: layers, filters, heads });
  }
  if (kind === 'value') {
    if (!identity || heads.join() !== HEADS.join())
      throw new SpecError(`${name}: a value network has one head and no identity branches to leave out`);
    return valueNetwork({ layers, filters, batchNorm });
  }
  return policyNetwork({ layers, filters, ...options });
};

/** The full name: "policy-13x64" for "13x64". */
export const fullNetworkName = (name: string): string => (/^\d/.test(name) ? `policy-${name}` : name);

/** Planes that a network takes: 48, or 49 with the colour to move. */
export const planesOf = ({ nodes }: NetworkSpec): number =>
  nodes.find(({ name }) => name === 'planes')!.shape[0];

/**
 * The heads on a trunk: one 1x1 convolution with a bias for each point for what is said of points; mean and maximum of each filter,
 * komi, and the lead that the ownership map shows, normalised, then ReLU units, for what is said of the game.
 */
const addHeads = (net: SpecBuilder, trunk: string, heads: readonly Head[]): NetworkSpec => {
  const onPoints = (['policy', 'expert', 'reply', 'ownership'] as const).filter(
    head => head === 'policy' || heads.includes(head),
  );
  const head = net.conv('head', trunk, { filters: onPoints.length, size: 1, bias: 'point' });
  const outputs: Record<string, string> = {};
  for (const [i, name] of onPoints.entries()) {
    const part = net.slice(`head.${name}`, head, i, i + 1);
    outputs[name] = net.flatten(name, name === 'ownership' ? net.tanh('ownership.tanh', part) : part);
  }
  if (!heads.includes('value')) return net.finish(outputs);

  const komi = net.input('komi', [1]);
  const pooled = [net.globalMean('mean', trunk), net.globalMax('max', trunk), komi];
  if (heads.includes('ownership')) {
    const owned = net.scale('owned', net.globalMean('owned.mean', 'ownership.tanh'), AREA / KOMI_SCALE);
    pooled.push(net.add('owned.lead', owned, komi));
  }
  const general = net.batchNorm('gn', net.concat('pooled', ...pooled));
  const hidden = net.relu('v1.relu', net.dense('v1', general, VALUE_UNITS));
  const values = net.dense('v2', hidden, 3);
  outputs['value'] = net.tanh('value', net.slice('v2.value', values, 0, 1));
  outputs['lead'] = net.scale('lead', net.slice('v2.lead', values, 1, 2), LEAD_SCALE);
  outputs['pass'] = net.slice('pass', values, 2, 3);
  return net.finish(outputs);
};

const checkSize = (what: string, value: number, least: number): void => {
  if (!Number.isInteger(value) || value < least)
    throw new SpecError(`${what} ${value}: must be a whole number from ${least}`);
};
