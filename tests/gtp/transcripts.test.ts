/**
 * Whole sessions as golden files: each `*.gtp` is sent to an engine without a network, and what it answers has to be the
 * `*.out` beside it. Those called `search*` play by a search, the others by the bare policy. `npx vitest run tests/gtp/transcripts -u` writes the answers anew; read the difference.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createSearchEngine, openSession, talk } from './support.ts';

const FOLDER = fileURLToPath(new URL('transcripts/', import.meta.url));
const RECORDS = fileURLToPath(new URL('records', import.meta.url));

const transcripts = readdirSync(FOLDER)
  .filter(name => name.endsWith('.gtp'))
  .map(name => name.slice(0, -'.gtp'.length));

test.each(transcripts)('the session %s gets the answers on record', async name => {
  const input = readFileSync(join(FOLDER, `${name}.gtp`), 'utf8').replaceAll('RECORDS', RECORDS);
  const session = openSession(name.startsWith('search') ? createSearchEngine() : undefined);
  await expect(await talk(input, session)).toMatchFileSnapshot(join(FOLDER, `${name}.out`));
  expect(session.messages.filter(message => message.includes('Error'))).toEqual([]);
});
