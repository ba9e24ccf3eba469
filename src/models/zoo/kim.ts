/**
 * Kim's network for sentences ("Convolutional Neural Networks for Sentence Classification", 2014): vectors of words, filters of three
 * heights over time, the greatest of each, dropout, one layer. Details that the paper leaves open are those of the author's code
 * (yoonkim/CNN_sentence).
 */
import { SpecBuilder, SpecError, type NetworkSpec } from '../spec.ts';
import { constant, uniform, type Init } from './initial.ts';
import { finishClassifier } from './networkOptions.ts';

/** Where vectors of words come from: random and learned, given and kept, given and learned, given twice and one of them learned. */
export const KIM_VARIANTS = ['rand', 'static', 'non-static', 'multichannel'] as const;
export type KimVariant = (typeof KIM_VARIANTS)[number];

export interface KimOptions {
  /** Rows of the table of words; row 0 is for padding. 18,766 by default: the words of MR and the padding. */
  readonly words?: number;
  /** Numbers of a word: 300. */
  readonly size?: number;
  /** Words of a sentence with its padding: 64, the longest of MR with 4 on either side. */
  readonly length?: number;
  /** 'rand' by default. */
  readonly variant?: KimVariant;
  /** Of 'multichannel': whether both channels are seen by the same filters (the paper), or by filters of their own (many copies). */
  readonly sharedFilters?: boolean;
  /** Words that a filter sees: 3, 4 and 5. */
  readonly windows?: readonly number[];
  /** Filters of each height: 100. */
  readonly maps?: number;
  readonly dropout?: number;
  /** 2 by default; 0 leaves out the last layer. */
  readonly numClasses?: number;
  readonly softmax?: boolean;
}

/**
 * Input "tokens": numbers of words, [length]. Output "logits". The vectors of a sentence are a board [size, length, 1]. Filters that both
 * channels share see the sum of the channels, which is the same and half the work.
 * Of training, not of the network: row 0 is set to 0 and the columns of `fc.weight` are cut to a norm of 3 after every step.
 * @throws SpecError for a window longer than a sentence
 */
export const kim = (options: KimOptions = {}): NetworkSpec => {
  const { words = 18_766, size = 300, length = 64, variant = 'rand', sharedFilters = true } = options;
  const { windows = [3, 4, 5], maps = 100, dropout = 0.5, numClasses = 2, softmax } = options;
  for (const height of windows)
    if (height > length) throw new SpecError(`windows ${height}: must be at most the length, ${length}`);
  const net = new SpecBuilder();
  const tokens = net.input('tokens', [length]);
  const table = (name: string, trainable: boolean): string =>
    net.embedding(name, tokens, { words, size, trainable });
  let sentence = table('embedding', variant !== 'static');
  if (variant === 'multichannel') {
    const kept = table('embedding.static', false);
    sentence = sharedFilters ? net.add('channels', sentence, kept) : net.concat('channels', sentence, kept);
  }
  const greatest = windows.map(height => {
    const conv = net.conv(`conv${height}`, sentence, {
      filters: maps,
      size: [height, 1],
      padding: 'valid',
      bias: 'filter',
    });
    return net.globalMax(`conv${height}.max`, net.relu(`conv${height}.relu`, conv));
  });
  const features = net.dropout('dropout', net.concat('features', ...greatest), dropout);
  return finishClassifier(net, 'fc', features, { numClasses, softmax });
};

/** Of the author's code: words U(-0.25, 0.25) with zeros for padding, filters U(-0.01, 0.01), everything else 0. */
export const kimInit: Init = (parameter, random) => {
  if (parameter.kind === 'table') {
    const values = uniform(parameter, random, 0.25);
    values.fill(0, 0, parameter.dims[1]);
    return values;
  }
  const isFilter = parameter.name.startsWith('conv') && parameter.kind !== 'bias';
  return isFilter ? uniform(parameter, random, 0.01) : constant(parameter, 0);
};
