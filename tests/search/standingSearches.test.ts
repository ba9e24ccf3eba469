/** A search thread that dies and is opened again, without threads. */
import { afterEach, expect, test } from 'vitest';
import { Game } from '../../engine/game.ts';
import type { SearchThread } from '../../src/search/searchThread.ts';
import { StandingSearches } from '../../src/search/standingSearches.ts';
import { opinionated } from '../analysis/support.ts';
import { connectSearches } from '../support/localSearches.ts';

/** What ends after a test. */
const standing: StandingSearches[] = [];
afterEach(async () => {
  for (const searches of standing.splice(0)) await searches.close();
});

const stand = (open: () => Promise<SearchThread>, warnings: string[] = []): StandingSearches => {
  const searches = new StandingSearches(connectSearches(opinionated()), open, {
    warn: message => warnings.push(message),
    firstPauseMs: 1,
  });
  standing.push(searches);
  return searches;
};

const reopened = (searches: StandingSearches): Promise<void> =>
  new Promise(resolve => {
    const forget = searches.onReopened(() => {
      forget();
      resolve();
    });
  });

test('a thread that has died is opened again, each time it does', async () => {
  const warnings: string[] = [];
  const searches = stand(async () => connectSearches(opinionated()), warnings);
  for (let i = 0; i < 3; i++) {
    const { current } = searches;
    const isBack = reopened(searches);
    await current.close();
    await expect(current.evaluate(new Game(), 0)).rejects.toThrow('ended');
    await isBack;
    expect(searches.current).not.toBe(current);
    expect(searches.current.hasEnded).toBe(false);
    expect((await searches.current.evaluate(new Game({ width: 5 }), 0)).policy).toHaveLength(26);
  }
  expect(warnings.slice(0, 2)).toEqual([
    'the search thread has ended: opening another',
    'the network is open again',
  ]);
});

test('where opening fails it is tried again', async () => {
  let attempts = 0;
  const warnings: string[] = [];
  const searches = stand(async () => {
    if (++attempts < 4) throw new Error('no memory');
    return connectSearches(opinionated());
  }, warnings);
  const isBack = reopened(searches);
  await searches.current.close();
  await isBack;
  expect(attempts).toBe(4);
  expect(warnings.filter(message => message.startsWith('no memory: once more in'))).toHaveLength(3);
});

test('closed, it opens no other', async () => {
  let attempts = 0;
  const searches = stand(async () => {
    attempts++;
    return connectSearches(opinionated());
  });
  await searches.current.close();
  await searches.close();
  await new Promise(resolve => setTimeout(resolve, 20));
  expect(attempts).toBe(0);
  expect(searches.current.hasEnded).toBe(true);
});
