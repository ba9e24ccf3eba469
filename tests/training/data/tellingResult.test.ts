import { expect, test } from 'vitest';
import { BLACK, type Color } from '../../../engine/types.ts';
import type { ResultKind } from '../../../src/training/data/gameRecord.ts';
import { tellingWinner } from '../../../src/training/data/tellingResult.ts';

interface Facts {
  readonly komi: number | undefined;
  readonly isEven: boolean;
  readonly kind: ResultKind;
  readonly winner: Color | undefined;
}

const winnerOf = (changes: Partial<Facts>): Color | undefined => {
  const facts: Facts = { komi: 6.5, isEven: true, kind: 'counted', winner: BLACK, ...changes };
  return tellingWinner(
    {
      komi: () => facts.komi,
      isEven: () => facts.isEven,
      resultKind: () => facts.kind,
      winner: () => facts.winner,
    },
    0,
  );
};

test.each<Partial<Facts>>([
  { kind: 'counted' },
  { kind: 'resignation' },
  { kind: 'won' },
  { komi: 5 },
  { komi: 15 },
])('who won tells something of an even game: %j', facts => expect(winnerOf(facts)).toBe(BLACK));

test.each<Partial<Facts>>([
  { kind: 'time' },
  { kind: 'forfeit' },
  { isEven: false },
  { komi: undefined },
  { komi: 0.5 },
  { komi: 4.5 },
  { komi: 15.5 },
  { kind: 'draw', winner: undefined },
])('who won tells nothing: %j', facts => expect(winnerOf(facts)).toBeUndefined());
