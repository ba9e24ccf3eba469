/** `hane gtp` as a process, with its network: how it starts and ends, and what goes through its pipes. */
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { packageRoot } from '../../src/packageRoot.ts';
import { GtpProcess } from '../support/gtpProcess.ts';
import { gtpArguments } from './program.ts';

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  version: string;
};

const started: GtpProcess[] = [];

const start = (...options: string[]): GtpProcess => {
  const engine = new GtpProcess(process.execPath, gtpArguments('--quiet', '--visits', '8', ...options));
  started.push(engine);
  return engine;
};

afterEach(() => {
  for (const { process: child } of started.splice(0)) child.kill('SIGKILL');
});

test('it plays a few moves and ends with status 0 after quit, with nothing but responses on its output', async () => {
  const engine = start();
  engine.write('1 name\n2 version\n3 protocol_version\n4 genmove b\n5 genmove w\n6 reg_genmove b\n7 quit\n');
  expect(await engine.exited).toBe(0);
  expect(engine.output).toMatch(
    new RegExp(
      `^=1 Hane\n\n=2 ${version}\n\n=3 2\n\n=4 [A-T]\\d+\n\n=5 [A-T]\\d+\n\n=6 [A-T]\\d+\n\n=7 \n\n$`,
    ),
  );
  expect(engine.messages).toBe('');
});

test('quit during a move and the end of the input during a move end it with status 0 after the answer', async () => {
  const quitting = start();
  quitting.write('1 genmove b\n2 quit\n');
  expect(await quitting.exited).toBe(0);
  expect(quitting.output).toMatch(/^=1 [A-T]\d+\n\n=2 \n\n$/);

  const ending = start();
  ending.write('1 genmove b\n2 name');
  expect(await ending.end()).toBe(0);
  expect(ending.output).toMatch(/^=1 [A-T]\d+\n\n=2 Hane\n\n$/);
});

test('an input that ends at once ends it with status 0', async () => {
  const engine = start();
  expect(await engine.end()).toBe(0);
  expect(engine.output).toBe('');
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it, also during a move', async signal => {
  const engine = start();
  await engine.send('genmove b');
  engine.write('genmove w\n');
  engine.process.kill(signal);
  expect(await engine.exited).toBe(signal);
});

test('CRLF, characters cut in two and binary nonsense are understood as far as they can be', async () => {
  const engine = start();
  engine.write('1 name\r\n\r\n# 囲\r\n2 play b D4\r\n');
  const bytes = Buffer.from('3 play w 囲碁\n4 play w Q16\n');
  for (const byte of bytes) {
    engine.write(Uint8Array.of(byte));
    await new Promise(resolve => setImmediate(resolve));
  }
  engine.write(Buffer.from([0x35, 0x20, 0xff, 0xfe, 0x00, 0xe5, 0x0a]));
  engine.write('6 undo\r7 name\n7 undo\n');
  expect(await engine.end()).toBe(0);
  expect(engine.output).toBe(
    '=1 Hane\n\n=2 \n\n?3 syntax error\n\n=4 \n\n?5 unknown command\n\n?6 unknown command\n\n=7 \n\n',
  );
});

test('lines of a megabyte get their one answer', async () => {
  const engine = start();
  engine.write(`1 play b ${'x'.repeat(1 << 20)}\n`);
  engine.write(`2 set_free_handicap ${'D4 '.repeat(350_000)}\n`);
  engine.write(`3 ${'囲'.repeat(1 << 20)}\n`);
  engine.write(`4 name ${' '.repeat(1 << 20)}\n`);
  engine.write(`5 name # ${'#'.repeat(1 << 20)}\n`);
  engine.write(`${'9'.repeat(1 << 20)}\n`);
  expect(await engine.end()).toBe(0);
  const answers = engine.output.split('\n\n').map(answer => answer.slice(0, 30));
  expect(answers).toEqual([
    '?1 syntax error',
    '?2 bad vertex list',
    '?3 unknown command',
    '=4 Hane',
    '=5 Hane',
    `?${'9'.repeat(29)}`,
    '',
  ]);
});

test('nothing is lost when the client reads late and the engine quits', async () => {
  const engine = start();
  const content = await engine.send('list_commands');
  const before = engine.output.length;
  engine.process.stdout.pause();
  const count = 4000;
  engine.write('list_commands\n'.repeat(count) + 'quit\n');
  await new Promise(resolve => setTimeout(resolve, 500));
  engine.process.stdout.resume();
  expect(await engine.exited).toBe(0);
  expect(engine.output.length).toBe(before + count * `= ${content}\n\n`.length + '= \n\n'.length);
});

test('a client that has gone away ends it', async () => {
  const engine = start();
  await engine.send('name');
  engine.process.stdout.destroy();
  await once(engine.process.stdout, 'close');
  engine.write('name\nname\n');
  const [code] = (await once(engine.process, 'exit')) as [number | null];
  expect(code).toBe(0);
});

test('a network that does not exist ends it with status 2 and one line that says why', async () => {
  const engine = start('--network', 'nonesuch');
  expect(await engine.exited).toBe(2);
  expect(engine.messages).toMatch(/^hane: unknown network "nonesuch".*\n$/);
});

test('on another board size it plays, and says once that it is weaker there', async () => {
  const engine = start();
  for (const size of ['9', '13', '7:5']) {
    await engine.send(`boardsize ${size}`);
    expect(await engine.send('genmove b')).toMatch(/^[A-N]\d+$/);
  }
  expect(await engine.end()).toBe(0);
  expect(engine.messages).toBe('hane: the network learned on 19x19: it is weaker on 9x9\n');
});

test('with a temperature, a seed gives the same game again and another seed another one', async () => {
  const play = async (seed: string): Promise<string> => {
    const engine = start('--temperature', '1', '--seed', seed);
    engine.write('genmove b\ngenmove w\n'.repeat(5));
    await engine.end();
    return engine.output;
  };
  const first = await play('1');
  expect(await play('1')).toBe(first);
  expect(await play('2')).not.toBe(first);
});
