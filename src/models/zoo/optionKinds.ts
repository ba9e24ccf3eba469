/**
 * What each option may be, as far as one value shows it: options come from command lines and files, too, where no compiler has seen
 * them. What depends on the network or on other options is checked where the network is written down.
 */
import { SpecError } from '../layerTypes.ts';
import { SHORTCUTS } from './resnet.ts';
import type { StochasticDepth } from './stochasticDepth.ts';
import type { ModelOptions, OptionName } from './variants.ts';

interface Kind {
  /** For the message: "must be ...". */
  readonly text: string;
  readonly fits: (value: unknown) => boolean;
}

const isWhole = (value: unknown, least: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const isListOf = (value: unknown, fits: (item: unknown) => boolean): value is readonly unknown[] =>
  Array.isArray(value) && value.every(fits);

const whole = (least: number): Kind => ({
  text: `a whole number from ${least}`,
  fits: value => isWhole(value, least),
});

const yesOrNo: Kind = { text: 'true or false', fits: value => typeof value === 'boolean' };

const share: Kind = {
  text: 'a number from 0 to less than 1',
  fits: value => isNumber(value) && value >= 0 && value < 1,
};

const oneOf = (...allowed: readonly unknown[]): Kind => ({
  text: `one of ${allowed.join(', ')}`,
  fits: value => allowed.includes(value),
});

const KINDS: Readonly<Record<OptionName, Kind>> = {
  numClasses: { text: 'a whole number, or 0 for the features alone', fits: value => isWhole(value, 0) },
  includeTop: yesOrNo,
  inputShape: {
    text: '[channels, height, width], whole numbers from 1',
    fits: value => isListOf(value, side => isWhole(side, 1)) && value.length === 3,
  },
  width: {
    text: 'a number above 0, at most 8',
    fits: value => isNumber(value) && value > 0 && value <= 8,
  },
  softmax: yesOrNo,
  codes: {
    text: 'a list of one list of numbers a class',
    fits: value => isListOf(value, row => isListOf(row, isNumber)) && value.length > 0,
  },
  activation: oneOf('relu', 'tanh'),
  pool: oneOf('max', 'mean'),
  dropout: share,
  lrnBeforePool: yesOrNo,
  batchNorm: yesOrNo,
  auxiliary: yesOrNo,
  auxiliaryDropout: share,
  shortcut: oneOf(...SHORTCUTS),
  stochasticDepth: {
    text: '{} or an object with some of survival, mode, scaling',
    fits: value => typeof value === 'object' && value !== null && !Array.isArray(value),
  },
  zeroInitResidual: yesOrNo,
  version: oneOf('v1', 'v1.5'),
  words: whole(1),
  size: whole(1),
  length: whole(1),
  sharedFilters: yesOrNo,
  windows: {
    text: 'a list of different whole numbers, words that a filter sees',
    fits: value =>
      isListOf(value, height => isWhole(height, 1)) &&
      value.length > 0 &&
      new Set(value).size === value.length,
  },
  maps: whole(1),
};

const DEPTH_KINDS: Readonly<Record<keyof StochasticDepth, Kind>> = {
  survival: {
    text: 'a number above 0, at most 1',
    fits: value => isNumber(value) && value > 0 && value <= 1,
  },
  mode: oneOf('batch', 'row'),
  scaling: oneOf('test', 'train'),
};

/** @throws SpecError naming an option that the network has not or that is of another kind, and what is allowed */
export const checkOptions = (name: string, options: ModelOptions, known: readonly OptionName[]): void => {
  for (const option of Object.keys(options))
    if (options[option as OptionName] !== undefined && !known.some(own => own === option))
      throw new SpecError(
        `${name} has no option "${option}": ${known.length > 0 ? `one of ${known.join(', ')}` : 'it has none'}`,
      );
  checkKinds('', options, KINDS);
  const { stochasticDepth } = options;
  if (!stochasticDepth) return;
  for (const part of Object.keys(stochasticDepth))
    if (!Object.hasOwn(DEPTH_KINDS, part))
      throw new SpecError(`stochasticDepth has no "${part}": one of ${Object.keys(DEPTH_KINDS).join(', ')}`);
  checkKinds('stochasticDepth.', stochasticDepth, DEPTH_KINDS);
};

/** @param before the names, for messages */
const checkKinds = <Name extends string>(
  before: string,
  values: { readonly [N in Name]?: unknown },
  kinds: Readonly<Record<Name, Kind>>,
): void => {
  for (const name of Object.keys(values) as Name[]) {
    const { text, fits } = kinds[name];
    if (values[name] !== undefined && !fits(values[name]))
      throw new SpecError(`${before}${name} ${JSON.stringify(values[name])}: must be ${text}`);
  }
};
