/** The options of `hane match` as typed values. */
import { InvalidArgumentError } from 'commander';
import { RULE_SETS, parseRules } from '../../engine/rules.ts';
import { MatchError } from '../match/engineSpec.ts';
import type { Mode } from '../match/schedule.ts';
import type { SprtSettings } from '../match/statistics.ts';

export const readOption = <T>(read: (text: string) => T, text: string): T => {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof MatchError) throw new InvalidArgumentError(error.message);
    throw error;
  }
};

export const readMode = (text: string): Mode => {
  if (text === 'match' || text === 'round-robin' || text === 'gauntlet') return text;
  throw new InvalidArgumentError('must be match, round-robin or gauntlet');
};

export const readRules = (text: string): string => {
  if (!parseRules(text))
    throw new InvalidArgumentError(`must be one of ${Object.keys(RULE_SETS).join(', ')}`);
  return text;
};

export const readShard = (text: string): { index: number; count: number } => {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (!(index >= 1 && index <= count)) throw new InvalidArgumentError('must be i/n with i from 1 to n');
  return { index: index - 1, count };
};

const readNumbers = (text: string, least: number, most: number): number[] | undefined => {
  const numbers = text.split(',').map(Number);
  const isGood = numbers.length >= least && numbers.length <= most && numbers.every(Number.isFinite);
  return isGood ? numbers : undefined;
};

export const readAdjudication = (text: string): { moves: number; below: number } => {
  const [moves, below] = readNumbers(text, 2, 2) ?? [];
  if (!(moves >= 1 && below > 0 && below < 0.5))
    throw new InvalidArgumentError('must be moves,share such as 6,0.05');
  return { moves, below };
};

export const readSprt = (text: string): SprtSettings => {
  const [elo0, elo1, alpha = 0.05, beta = alpha] = readNumbers(text, 2, 4) ?? [];
  if (!(elo0 < elo1 && alpha > 0 && alpha < 0.5 && beta > 0 && beta < 0.5))
    throw new InvalidArgumentError(
      'must be elo0,elo1 with elo0 below elo1, and alpha and beta from 0 to 0.5',
    );
  return { elo0, elo1, alpha, beta };
};
