/** Lines of nonsense and near-sense, as fuzzing sends them: real commands with real and odd arguments, binary, odd ids. */
import type { Random } from '../../engine/random.ts';
import { createHandlers } from '../../src/gtp/handlers/index.ts';

/** Left out: `quit` ends the session, two would touch files of the name of nonsense, and one takes as long as it is told. */
const LEFT_OUT = new Set(['quit', 'loadsgf', 'printsgf', 'kata-benchmark']);

const pick = <T>(random: Random, list: readonly T[]): T => list[random.below(list.length)];

const names = [...createHandlers().keys()].filter(name => !LEFT_OUT.has(name));
const words = [
  'b',
  'w',
  'BLACK',
  'White',
  'pass',
  'PASS',
  'resign',
  'd4',
  'A1',
  'E5',
  'c3',
  'T19',
  'Z25',
  'i5',
  'aa',
  '5',
  '0',
  '-1',
  '2',
  '9',
  '1e9',
  '7.5',
];
const moreWords = [
  'NaN',
  'Infinity',
  '-0',
  '999999999999999999999',
  'dead',
  'alive',
  'seki',
  'chinese',
  '{"ko":"SIMPLE"}',
  '{',
  '[]',
  '__proto__',
  '囲',
  '\u202e',
  '\r',
  '\0',
];

/** A line without its line feed. No `quit`, and nothing that touches files. */
export const makeLine = (random: Random): string => {
  const kind = random.below(20);
  const id = random.below(3) === 0 ? `${random.below(1000)} ` : '';
  if (kind < 9)
    return `${id}play ${pick(random, ['b', 'w'])} ${pick(random, 'ABCDEFGHJ'.split(''))}${1 + random.below(9)}`;
  if (kind < 10) return `${id}genmove ${pick(random, ['b', 'w'])}`;
  if (kind < 18) {
    const args = Array.from({ length: random.below(5) }, () =>
      pick(random, random.below(4) === 0 ? moreWords : words),
    );
    const name =
      random.below(6) === 0
        ? pick(random, ['toString', '__proto__', '', 'PLAY', ...moreWords])
        : pick(random, names);
    // Judging a board of 361 points by playouts takes a while; most lines here leave it small.
    return `${id}${name.includes('boardsize') ? 'boardsize 9' : name} ${args.join(random.below(5) === 0 ? '\t ' : ' ')}`;
  }
  return Buffer.from(
    Array.from({ length: random.below(80) }, () => random.below(256)).filter(byte => byte !== 10),
  ).toString('latin1');
};
