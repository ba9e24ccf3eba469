import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Evaluator } from '../../../engine/evaluator.ts';
import { PolicyPlayer } from '../../../engine/players.ts';
import { Search } from '../../../engine/search/search.ts';
import { openEvaluator } from '../../../src/inference/evaluator.ts';
import { readAnswers } from '../../support/slowReader.ts';
import { TACTICS, setUp } from './tactics.ts';

test('there are at least thirty, of every kind', () => {
  expect(TACTICS.length).toBeGreaterThanOrEqual(30);
  expect(new Set(TACTICS.map(({ kind }) => kind)).size).toBe(5);
  expect(new Set(TACTICS.map(({ rows }) => rows)).size).toBe(TACTICS.length);
});

test.each(TACTICS.map(tactic => ({ ...tactic })))('$name: the answers are what reading finds', tactic => {
  const { game, answers, ...fight } = setUp(tactic);
  expect(readAnswers(game, fight)).toEqual(answers);
});

test('a loose ladder is no ladder', () => {
  const { game, answers: _, ...fight } = setUp(TACTICS.find(({ name }) => name === 'loose ladder')!);
  expect(readAnswers(game, { ...fight, mostLiberties: 2 })).toEqual([]);
});

/** Some that the bare policy fails; all of them: npm run long:tactics. */
const FAILED = ['corner 4', 'corner 6', 'corner 25', 'corner 28'];

describe('what the bare policy does not see', () => {
  let evaluator: Evaluator;
  beforeAll(async () => {
    // The form that is the same on every machine.
    evaluator = await openEvaluator({ kernel: 'direct' });
  });
  afterAll(() => evaluator.close());

  test.each(FAILED)('a search of 400 visits finds: %s', async name => {
    const { game, answers } = setUp(TACTICS.find(tactic => tactic.name === name)!);
    expect(answers).not.toContain(await new PolicyPlayer(evaluator).genmove(game));
    const { best } = await new Search(evaluator).think(game, { visits: 400 });
    expect(answers).toContain(best);
  });
});
