/** docs/protocol.md says what the code does. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/packageRoot.ts';
import {
  BYTES_A_MESSAGE,
  DEFAULT_LIMITS,
  MOVES_A_MESSAGE,
  NODES_A_MESSAGE,
  messagesOfAddress,
} from '../../src/server/limits.ts';
import { ERROR_CODES, PROTOCOL_VERSION } from '../../src/server/protocol/messages.ts';
import { readSgf } from '../../src/server/readSgf.ts';
import { parseMessage } from '../../src/server/schema.ts';

const text = await readFile(join(packageRoot, 'docs', 'protocol.md'), 'utf8');

/** The rows of the table below a heading: cells without their backticks. */
const rowsBelow = (heading: string): string[][] => {
  const section = text.split(/^## /m).find(part => part.startsWith(heading))!;
  return section
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line => line.split('|').map(cell => cell.trim().replaceAll('`', '')));
};

test('every request is told of, with an example that the server takes', () => {
  const examples = rowsBelow('What a client asks').map(([, type, example]) => {
    const message = parseMessage({ ...(JSON.parse(example) as object), id: 1 });
    expect(message.type).toBe(type);
    return message;
  });
  expect(examples).toHaveLength(19);
  expect(new Set(examples.map(({ type }) => type)).size).toBe(19);
  const load = examples.find(message => message.type === 'load')!;
  expect(readSgf(Buffer.from(load.sgf, 'base64')).nodes).toHaveLength(1);
});

test('every error is told of', () => {
  expect(rowsBelow('Errors').map(([, code]) => code)).toEqual([...ERROR_CODES]);
});

test('the limits are those that hold', () => {
  const { messagesAtOnce, messagesPerSecond, maxViewersPerAddress, helloWithinMs, pingEveryMs, behindForMs } =
    DEFAULT_LIMITS;
  const { atOnce, perSecond } = messagesOfAddress(DEFAULT_LIMITS);
  for (const said of [
    `${messagesAtOnce} at once, ${messagesPerSecond} a second`,
    `${atOnce} at once, ${perSecond} a second`,
    `${maxViewersPerAddress} from one address (\`--max-viewers-per-address\`)`,
    `within ${helloWithinMs / 1000} s`,
    `a ping every ${pingEveryMs / 1000} s`,
    `after ${behindForMs / 1000} s beyond 1 MiB`,
    `one more for each ${MOVES_A_MESSAGE.toLocaleString('en')} moves before it`,
    `for each ${NODES_A_MESSAGE.toLocaleString('en')} moves on it`,
    `for each ${BYTES_A_MESSAGE / 1024} KiB`,
    `the trees of ${DEFAULT_LIMITS.maxTrees} boards`,
    `names the protocol's version, ${PROTOCOL_VERSION}.`,
  ])
    expect(text).toContain(said);
});
