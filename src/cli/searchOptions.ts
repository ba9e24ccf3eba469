/** The options of every command that searches. */
import { InvalidArgumentError, type Command } from 'commander';
import { DEFAULT_PARAMETERS, SELF_PLAY_NOISE, type SearchParameters } from '../../engine/search/params.ts';
import { BYTES_PER_MB, MOST_TREE_MB } from '../gtp/settings.ts';
import { wholeNumber } from './position.ts';

export interface SearchOptions {
  readonly visits?: number;
  readonly playouts?: number;
  /** Seconds. */
  readonly time?: number;
  readonly lambda: number;
  readonly rootNoise: number;
  readonly maxTreeMb: number;
}

export const addSearchOptions = (command: Command): Command =>
  command
    .option('--visits <n>', 'end a move at this many visits, those of the kept tree included', wholeNumber(1))
    .option('--playouts <n>', 'end a move after this many new visits', wholeNumber(1))
    .option(
      '--time <seconds>',
      'end a move after this long (default: by the clock; 1 if there is no other limit)',
      readTime,
    )
    .option(
      '--lambda <share>',
      'share of playouts in the value of a position, from 0 to 1',
      readShare,
      DEFAULT_PARAMETERS.lambda,
    )
    .option(
      '--root-noise <share>',
      `share of noise in the priors at the root, for self-play; AlphaGo Zero had ${SELF_PLAY_NOISE}`,
      readShare,
      DEFAULT_PARAMETERS.rootNoise,
    )
    .option(
      '--max-tree-mb <n>',
      'most memory of the tree, in MiB',
      wholeNumber(1, MOST_TREE_MB),
      DEFAULT_PARAMETERS.maxTreeBytes / BYTES_PER_MB,
    );

/** The parameters of the search that the options ask for. */
export const makeParameters = (
  { lambda, rootNoise, maxTreeMb }: SearchOptions,
  seed: number,
): SearchParameters => ({
  ...DEFAULT_PARAMETERS,
  lambda,
  rootNoise,
  maxTreeBytes: maxTreeMb * BYTES_PER_MB,
  seed: seed % 2 ** 32,
});

const readTime = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('must be a number of seconds from 0');
  return value;
};

const readShare = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('must be a number from 0 to 1');
  return value;
};

/** Reads `--temperature` of a draw. */
export const readTemperature = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('must be a number from 0');
  return value;
};
