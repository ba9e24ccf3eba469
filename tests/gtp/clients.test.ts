/** Sessions as real clients send them, with the network: what each needs to go on. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GtpProcess } from '../support/gtpProcess.ts';
import { gtpArguments } from './program.ts';

let folder: string;
const started: GtpProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hane-'));
});

afterEach(() => {
  for (const { process: child } of started.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Moves of few visits, whatever the clock, so that no test takes long. */
const VISITS = ['--visits', '8'];

const start = (...options: string[]): GtpProcess => {
  const engine = new GtpProcess(process.execPath, gtpArguments(...VISITS, ...options));
  started.push(engine);
  return engine;
};

const until = async (isDone: () => boolean): Promise<void> => {
  while (!isDone()) await new Promise(resolve => setTimeout(resolve, 5));
};

test('Lizzie: ids on everything, analysis without a color, ended by the next move', async () => {
  const engine = start();
  engine.write(
    '1 name\n2 version\n3 boardsize 19\n4 komi 7.5\n5 clear_board\n6 play B Q16\n7 lz-analyze 10\n',
  );
  // It goes on telling.
  await until(() => /(\ninfo .*){2}\n/.test(engine.output));
  engine.write('8 play W D4\n9 lz-analyze 10\n');
  await until(() => /=9 \ninfo .*\n/.test(engine.output));
  engine.write('10 name\n11 genmove B\n12 quit\n');
  expect(await engine.exited).toBe(0);
  const ids = engine.output.match(/^=\d+/gm);
  expect(ids).toEqual(Array.from({ length: 12 }, (_, i) => `=${i + 1}`));
  // Its reader parses integers, and takes the numbers of the version.
  const [, version] = /^=2 (.*)$/m.exec(engine.output)!;
  expect(Number.parseInt(version.split('.')[1], 10)).toBeGreaterThanOrEqual(15);
  const info =
    /^info move ([A-T]\d+) visits (\d+) winrate (\d+) scoreMean -?\d+\.\d+ prior \d+ lcb \d+ order 0 pv /m;
  expect(engine.output).toMatch(info);
  // What it reads on stderr after a move.
  expect(engine.messages).toMatch(
    /^ *[A-T]\d+ -> +\d+ \(V: +\d+\.\d\d%\) \(LCB: +\d+\.\d\d%\) \(N: +\d+\.\d\d%\) PV:( [A-T]\d+)+$/m,
  );
  for (const line of engine.messages.split('\n')) expect(line).not.toMatch(/^(=|\?|info|play)/);
});

test('LizzieYzy with an engine that it takes for KataGo: rules, parameters, raw network, analysis with ownership', async () => {
  const engine = start('--gtp-name', 'KataGo', '--gtp-version', '1.15.3');
  expect(await engine.send('name')).toBe('KataGo');
  expect(await engine.send('version')).toBe('1.15.3');
  expect((await engine.send('list_commands')).split('\n')[0]).toBe('protocol_version');
  for (const command of ['komi 6.5', 'boardsize 19', 'kata-set-rules {"scoring":"AREA","ko":"SIMPLE"}'])
    expect(await engine.send(command)).toBe('');
  expect(await engine.send('kata-get-rules')).toMatch(/^\{/);
  expect(Number(await engine.send('kata-get-param playoutDoublingAdvantage'))).toBe(0);
  const raw = (await engine.send('kata-raw-nn 3')).split('\n');
  expect(raw[0]).toBe('symmetry 3');
  const policy = raw.slice(raw.indexOf('policy') + 1, raw.indexOf('policy') + 20);
  expect(policy.map(row => row.split(' ').length)).toEqual(Array.from({ length: 19 }, () => 19));
  const analysis = engine.send('kata-analyze B 10 ownership true pvVisits true movesOwnership true');
  await until(() => / ownership [-\d. ]+\n/.test(engine.output));
  expect(await engine.send('stop')).toBe('');
  const line = (await analysis).trim();
  expect(line.split(' ownership ')[1].split(' ')).toHaveLength(361);
  expect(line).toContain('movesOwnership');
  expect(line).not.toMatch(/ {2}|NaN| $/);
  engine.write('heatmap\n');
  await until(() => /winrate: /.test(engine.messages));
});

test('GoGui: start-up, setting up, drawings, a move with a clock', async () => {
  const engine = start();
  for (const command of [
    'name',
    'protocol_version',
    'version',
    'list_commands',
    'gogui-interrupt',
    'gogui-version 1.6.0',
  ])
    await engine.send(command);
  const commands = (await engine.send('gogui-analyze_commands')).split('\n');
  for (const command of ['boardsize 9', 'clear_board', 'komi 6.5', 'time_settings 600 30 5'])
    await engine.send(command);
  await engine.send('gogui-setup b C3 w G7 b C7');
  await engine.send('gogui-setup_player w');
  await engine.send('gogui-play_sequence w G3 b E5');
  await engine.send('time_left w 600 0');
  engine.write('# interrupt\n');
  expect(await engine.send('genmove w')).toMatch(/^[A-J]\d$/);
  for (const line of commands) {
    const [type, label, command, ...rest] = line.split('/');
    expect([type, label !== '', rest]).toEqual([expect.stringMatching(/^[a-z]+$/), true, []]);
    await engine.send(command.replace('%m', 'b'));
  }
  const policy = (await engine.send('hane-policy')).split('\n');
  for (const line of policy) expect(line).toMatch(/^(COLOR #[0-9a-f]{6}|LABEL|TEXT) /);
  const ownership = (await engine.send('hane-ownership')).split('\n');
  expect(ownership.map(row => row.split(' ').length)).toEqual(Array.from({ length: 9 }, () => 9));
});

test('CGOS: clear_board comes last, then the clock and a move with its analysis', async () => {
  const engine = start('--cleanup');
  const list = (await engine.send('list_commands')).split('\n');
  for (const needed of [
    'boardsize',
    'clear_board',
    'komi',
    'play',
    'genmove',
    'quit',
    'time_settings',
    'time_left',
  ])
    expect(list).toContain(needed);
  for (const command of [
    'boardsize 9',
    'komi 7.0',
    'time_settings 300 0 0',
    'cgos-opponent_name x',
    'cgos-opponent_rating 1800',
    'clear_board',
    'play b e5',
    'time_left w 299 0',
  ])
    await engine.send(command);
  // What comes while it thinks is answered afterwards.
  const [json, queued] = await Promise.all([
    engine.send('cgos-genmove_analyze w'),
    engine.send('protocol_version'),
  ]);
  expect(queued).toBe('2');
  const [, body, move] = /^\n?(\{.*\})\nplay (\S+)$/.exec(json)!;
  const { moves, ownership, winrate } = JSON.parse(body) as {
    moves: { move: string }[];
    ownership: string;
    winrate: number;
  };
  expect(moves[0].move).toBe(move);
  expect(ownership).toMatch(/^[A-Za-z0-9+/]{81}$/);
  expect(winrate).toBeGreaterThan(0);
  expect(await engine.send('get_komi')).toBe('7');
  expect(await engine.send('kata-genmove_analyze b')).toMatch(/^\n?info move .*\nplay [A-J]\d$/);
  expect(await engine.send('cgos-gameover B+Resign')).toBe('');
});

test('KGS: rules, byo-yomi, lower case vertices, undo right after a move, dead stones, cleaning up', async () => {
  const engine = start();
  for (const command of [
    'kgs-rules japanese',
    'boardsize 9',
    'clear_board',
    'komi 6.5',
    'kgs-time_settings byoyomi 300 30 5',
    'play b d4',
    'time_left w 300 0',
  ])
    expect(await engine.send(command)).toBe('');
  const [move, undone] = await Promise.all([engine.send('genmove w'), engine.send('undo')]);
  expect(move).toMatch(/^[A-J]\d$/);
  expect(undone).toBe('');
  for (const command of ['play w pass', 'play b pass']) await engine.send(command);
  expect(await engine.send('final_status_list alive')).toBe('D4');
  expect(await engine.send('final_status_list dead')).toBe('');
  expect(await engine.send('kgs-genmove_cleanup b')).toMatch(/^(pass|[A-J]\d)$/);
  expect(await engine.send('kgs-chat game someone hi')).toMatch(/policy network/);
  expect(await engine.send('kgs-game_over')).toBe('');
});

test('gtp2ogs: CRLF, every kind of clock, free handicap', async () => {
  const engine = start();
  engine.write('list_commands\r\n');
  await until(() => engine.output.endsWith('\n\n'));
  const lines = [
    'boardsize 9 9',
    'clear_board',
    'komi 0.5',
    'set_free_handicap C3 G7',
    'kata-time_settings fischer-capped 120.0 10.0 300 -1',
    'time_left black 120 0',
    'time_left white 120 0',
    'genmove white',
    'showboard',
  ];
  engine.write(lines.map(line => `${line}\r\n`).join(''));
  engine.write('quit\r\n');
  expect(await engine.exited).toBe(0);
  expect(engine.output).not.toMatch(/^\?/m);
  expect(engine.messages).toMatch(/^\d+ visits, \d+ nodes, \d+ playouts, \d+ n\/s$/m);
});

describe('options', () => {
  test('come from a configuration file, and the command line wins', async () => {
    const config = join(folder, 'my.json');
    const log = join(folder, 'session.log');
    writeFileSync(
      config,
      JSON.stringify({
        'gtp-name': 'Config',
        'gtp-version': '9.9',
        resign: false,
        strength: 2,
        log,
        quiet: true,
      }),
    );
    const engine = start('--config', config, '--gtp-name', 'Line');
    expect(await engine.send('name')).toBe('Line');
    expect(await engine.send('version')).toBe('9.9');
    expect(await engine.send('kata-get-param allowResignation')).toBe('false');
    expect(await engine.send('kata-get-param strength')).toBe('2');
    await engine.send('genmove b');
    expect(await engine.end()).toBe(0);
    expect(engine.messages).toBe('');
    const lines = readFileSync(log, 'utf8');
    expect(lines).toMatch(/^\S+Z < name\n\S+Z > = Line\n/);
  });

  test.each([
    ['{"nonsense": 1}', 'unknown option "nonsense": one of network, threads, backend'],
    ['{"strength": 99}', '"strength": 99 is invalid: it must be a whole number from 1 to'],
    ['{"resign": "no"}', '"resign" must be true or false'],
    ['{"threads": [1]}', '"threads" must be a text or a number'],
    ['[]', 'must hold an object'],
    ['{', 'is no JSON'],
  ])('the configuration %s is refused', async (text, message) => {
    const config = join(folder, 'bad.json');
    writeFileSync(config, text);
    const engine = start('--config', config);
    expect(await engine.exited).toBe(2);
    expect(engine.messages).toContain(message);
  });

  test.each([
    [['--config', 'no such file'], 'cannot read no such file'],
    [['--backend', 'quantum'], 'must be one of cpu, wasm, cuda'],
    [['--backend', process.platform === 'win32' ? 'coreml' : 'dml'], 'does not start here. It needs'],
    [['--log', join('no', 'such', 'folder', 'x')], 'cannot write the log'],
    [['--strength', '0'], 'must be a whole number from 1 to'],
    [['--resign-below', '2'], 'must be a number from 0 to 0.5'],
  ])('%j is refused', async (options, message) => {
    const engine = start(...options);
    expect(await engine.exited).toBe(2);
    expect(engine.messages).toContain(message);
  });
});
