/**
 * GoogLeNet (Szegedy et al., "Going Deeper with Convolutions", 2014): inception modules, and two auxiliary heads for training. Three
 * forms: as published, with biases and local response normalisation; the same with batch normalisation; and torchvision's, which has
 * 3 x 3 where the paper has 5 x 5 (pytorch/vision#906). Names are torchvision's.
 */
import { SpecBuilder, type NetworkSpec } from '../spec.ts';
import { constant, gainOrBias, normal, uniform, type Init } from './initial.ts';
import { finishClassifier, widen, type ImageNetworkOptions } from './networkOptions.ts';

export type GooglenetForm = 'paper' | 'batchNorm' | 'torchvision';

/** What an auxiliary head's loss counts beside that of the output: section 5. */
export const AUXILIARY_WEIGHT = 0.3;

export interface GooglenetOptions extends ImageNetworkOptions {
  /** Whether the two heads are there that help training, as the outputs "aux1" and "aux2". By default, as published. */
  readonly auxiliary?: boolean;
  /** 0.4; torchvision's is 0.2. */
  readonly dropout?: number;
  /** 0.7 */
  readonly auxiliaryDropout?: number;
}

/** Filters of a module: 1x1; 3x3 reduced, 3x3; 5x5 reduced, 5x5; behind the pool. Table 1. */
const MODULES: Readonly<Record<string, readonly [number, number, number, number, number, number]>> = {
  '3a': [64, 96, 128, 16, 32, 32],
  '3b': [128, 128, 192, 32, 96, 64],
  '4a': [192, 96, 208, 16, 48, 64],
  '4b': [160, 112, 224, 24, 64, 64],
  '4c': [128, 128, 256, 24, 64, 64],
  '4d': [112, 144, 288, 32, 64, 64],
  '4e': [256, 160, 320, 32, 128, 128],
  '5a': [256, 160, 320, 32, 128, 128],
  '5b': [384, 192, 384, 48, 128, 128],
};

/** The paper does not say; these are Caffe's, which divides alpha by the size. */
const LOCAL_RESPONSE = { size: 5, alpha: 1e-4 / 5, beta: 0.75, bias: 1 } as const;

const NORM_EPSILON = 1e-3;
const NORM_RATE = 0.1;

/** Outputs "logits", and "aux1" and "aux2" for training. @throws SpecError if the input is too small */
export const googlenet = (form: GooglenetForm = 'paper', options: GooglenetOptions = {}): NetworkSpec => {
  const { numClasses = 1000, inputShape = [3, 224, 224], includeTop = true, auxiliary = true } = options;
  const { dropout = form === 'torchvision' ? 0.2 : 0.4, softmax } = options;
  const maker = new Maker(form, options);
  const { net } = maker;
  let x = maker.conv('conv1', net.input('image', inputShape), 64, 7, 2);
  x = maker.localNorm('norm1', maker.shrink('maxpool1', x));
  x = maker.conv('conv3', maker.conv('conv2', x, 64, 1), 192, 3);
  x = maker.shrink('maxpool2', maker.localNorm('norm2', x));
  const heads: Record<string, string> = {};
  const hasHeads = auxiliary && includeTop && numClasses > 0;
  for (const name of Object.keys(MODULES)) {
    x = maker.inception(name, x);
    if (name === '3b') x = maker.shrink('maxpool3', x);
    if (name === '4e') x = maker.shrink('maxpool4', x, form === 'torchvision' ? 2 : 3);
    const head = { '4a': 'aux1', '4d': 'aux2' }[name];
    if (head !== undefined && hasHeads) heads[head] = maker.auxiliary(head, x, numClasses);
  }
  if (!includeTop) return net.finish({ features: x });
  const features = net.dropout('dropout', net.globalMean('avgpool', x), dropout);
  return finishClassifier(net, 'fc', features, { numClasses, softmax }, heads);
};

/** What the parts of the network have in common. */
class Maker {
  readonly net = new SpecBuilder();
  private readonly form: GooglenetForm;
  private readonly options: GooglenetOptions;

  constructor(form: GooglenetForm, options: GooglenetOptions) {
    this.form = form;
    this.options = options;
  }

  conv(name: string, input: string, filters: number, size: number, stride = 1): string {
    const { net, form, options } = this;
    const shape = { filters: widen(filters, options.width ?? 1), size, stride, padding: (size - 1) / 2 };
    const bias = form === 'paper' ? 'filter' : 'none';
    let x = net.conv(`${name}.conv`, input, { ...shape, bias });
    if (form !== 'paper') x = net.batchNorm(`${name}.bn`, x, NORM_EPSILON, NORM_RATE);
    return net.relu(`${name}.relu`, x);
  }

  /** Halves the board: an odd one counts its last row. */
  shrink(name: string, input: string, size = 3): string {
    return this.net.maxPool(name, input, { size, stride: 2, ceil: true });
  }

  localNorm(name: string, input: string): string {
    return this.form === 'paper' ? this.net.localResponseNorm(name, input, LOCAL_RESPONSE) : input;
  }

  inception(module: string, input: string): string {
    const name = `inception${module}`;
    const [one, reduced3, three, reduced5, five, pooled] = MODULES[module];
    const large = this.form === 'torchvision' ? 3 : 5;
    const pool = (): string =>
      this.net.maxPool(`${name}.branch4.0`, input, { size: 3, stride: 1, padding: 1 });
    return this.net.concat(
      name,
      this.conv(`${name}.branch1`, input, one, 1),
      this.conv(`${name}.branch2.1`, this.conv(`${name}.branch2.0`, input, reduced3, 1), three, 3),
      this.conv(`${name}.branch3.1`, this.conv(`${name}.branch3.0`, input, reduced5, 1), five, large),
      this.conv(`${name}.branch4.1`, pool(), pooled, 1),
    );
  }

  auxiliary(name: string, input: string, numClasses: number): string {
    const { net, form, options } = this;
    const pooled =
      form === 'torchvision'
        ? net.adaptiveMean(`${name}.pool`, input, [4, 4])
        : net.meanPool(`${name}.pool`, input, { size: 5, stride: 3 });
    const flat = net.flatten(`${name}.flat`, this.conv(`${name}.conv`, pooled, 128, 1));
    const hidden = net.relu(`${name}.relu`, net.dense(`${name}.fc1`, flat, widen(1024, options.width ?? 1)));
    const dropped = net.dropout(`${name}.dropout`, hidden, options.auxiliaryDropout ?? 0.7);
    const logits = net.dense(`${name}.fc2`, dropped, numClasses);
    return options.softmax ? net.softmax(`${name}.probabilities`, logits) : logits;
  }
}

/** Of the paper's form Caffe's (Glorot's uniform, biases 0.2); of the others torchvision's, N(0, 0.01) within two deviations. */
export const googlenetInit =
  (form: GooglenetForm): Init =>
  (parameter, random) => {
    if (form !== 'paper') return gainOrBias(parameter) ?? normal(parameter, random, 0.01, 2);
    const isOutput = /^(fc|aux\d\.fc2)\./.test(parameter.name);
    if (parameter.kind === 'bias') return constant(parameter, isOutput ? 0 : 0.2);
    return uniform(parameter, random, Math.sqrt(3 / parameter.fanIn));
  };
