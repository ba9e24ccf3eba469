/** `hane serve` as a process: its network, its page, its end in every way. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { dataFolder } from '../../src/cli/serve.ts';
import { packageRoot } from '../../src/packageRoot.ts';
import {
  AGAINST_HANE,
  PEOPLE,
  closeAll,
  connect,
  connectWith,
  makeFolder,
  pause,
} from '../server/support.ts';
import { hane, startHane } from '../support/hane.ts';

const children: ChildProcessWithoutNullStreams[] = [];

afterEach(async () => {
  await closeAll();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Serving {
  readonly child: ChildProcessWithoutNullStreams;
  readonly address: string;
  /** Of its websocket. */
  readonly url: string;
  readonly ended: Promise<number | string | null>;
  readonly said: () => string;
}

/** Starts a server and waits until it says where it is. */
const serve = async (data: string, ...options: string[]): Promise<Serving> => {
  const child = startHane([
    'serve',
    '--port',
    '0',
    '--data',
    data,
    '--backend',
    'cpu',
    '--threads',
    '1',
    ...options,
  ]);
  children.push(child);
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<number | string | null>(resolve => {
    child.on('close', (code, signal) => resolve(signal ?? code));
  });
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const found = /http:\S+/.exec(text)?.[0];
      if (found) resolve(found);
    });
    child.on('close', () => reject(new Error(err)));
  });
  return { child, address, url: `${address.replace('http', 'ws')}socket`, ended, said: () => err };
};

// The tests of the build run after it.
const isBuilt = existsSync(join(packageRoot, 'dist', 'web', 'index.html'));

describe.skipIf(!isBuilt)('hane serve', () => {
  test('serves the page, plays, and on a signal saves, says goodbye and ends well', async () => {
    const data = await makeFolder();
    const first = await serve(data);
    const page = await fetch(first.address);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html;charset=utf-8']);
    const client = await connectWith(first, { ...AGAINST_HANE, size: 19 });
    expect(client.messages[0]).toMatchObject({
      type: 'welcome',
      outputs: expect.arrayContaining(['policy']),
    });
    await client.play('Q16');
    await client.until(() => client.board.nodes.length === 2 && client.analyses.at(-1)?.node === 2);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(client.messages.at(-1)).toEqual({ type: 'goodbye' });

    const second = await serve(data);
    const again = await connect(second);
    await again.do({ type: 'open', board: client.board.board });
    expect(again.line).toEqual(client.line);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  });

  test('killed in the middle of a game goes on where it was', async () => {
    const data = await makeFolder();
    const first = await serve(data);
    const client = await connectWith(first, { ...PEOPLE, white: 10, seconds: 10 });
    await client.play('D4');
    await client.until(() => client.board.isThinking);
    // What is on its way to the disk takes a moment.
    const file = join(data, 'boards', `${client.board.board}.json`);
    const isWritten = async (): Promise<boolean> =>
      (await readFile(file, 'utf8').catch(() => '')).includes('"D4"');
    while (!(await isWritten())) await pause(10);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');

    const second = await serve(data);
    const again = await connect(second);
    await again.do({ type: 'open', board: client.board.board });
    expect(again.line).toEqual(['D4']);
    await again.do({ type: 'setPlayers', black: 'human', white: 9, seconds: 1 });
    await again.until(() => again.line.length === 2);
    second.child.kill('SIGKILL');
    await second.ended;
  });

  test('a port that was asked for and is taken is an error', async () => {
    const other = createServer();
    await new Promise<void>(resolve => {
      other.listen(0, '127.0.0.1', resolve);
    });
    const { port } = other.address() as { readonly port: number };
    const { code, err } = await hane([
      'serve',
      '--port',
      `${port}`,
      '--data',
      await makeFolder(),
      '--backend',
      'cpu',
    ]);
    other.close();
    expect([code, err]).toEqual([2, `hane: port ${port} is taken: --port 0 takes any that is free\n`]);
  });

  test('a folder that cannot keep boards is an error that names it', async () => {
    const data = join(await makeFolder(), 'file');
    await writeFile(data, '');
    const { code, err } = await hane(['serve', '--port', '0', '--data', data, '--backend', 'cpu']);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining(`hane: --data ${data}: cannot keep boards there: ENOTDIR`),
    ]);
  });

  test('an address that others reach is warned about, unless there is a token', async () => {
    const open = await serve(await makeFolder(), '--host', '0.0.0.0');
    expect(open.said()).toContain('everybody who reaches 0.0.0.0 can play');
    const closed = await serve(await makeFolder(), '--host', '0.0.0.0', '--token', 'swordfish');
    expect(closed.said()).toBe('');
    const client = await connect(closed);
    expect(await client.refused({ type: 'create', game: PEOPLE })).toBe('forbidden');
  });
});

test.each([
  [['--port', '65536'], '--port'],
  [['--port', 'x'], '--port'],
  [['--origin', 'everywhere'], 'must be like https://go.example.org'],
  [['--max-boards', '0'], '--max-boards'],
  [['--token', ''], 'must not be empty'],
])('%j is refused with what is allowed', async (options, why) => {
  const { code, err } = await hane(['serve', ...options]);
  expect(code).toBe(2);
  expect(err).toContain(why);
});

test('boards are kept where the user keeps data', () => {
  expect(dataFolder({ XDG_DATA_HOME: '/d' })).toBe(join('/d', 'hane'));
  expect(dataFolder({}).startsWith(homedir())).toBe(true);
});
