import { expect, test } from 'vitest';
import { searchSignature } from '../../support/searchSignature.ts';

test('the search does what it did: one that moves this number says so in its commit', async () => {
  expect(await searchSignature()).toBe(3_439_581_403);
});
