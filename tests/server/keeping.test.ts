/** Boards outlast viewers and the server. */
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/server/ids.ts';
import { makeBoard } from '../../src/server/newGame.ts';
import { parseSavedBoard } from '../../src/server/savedBoard.ts';
import { Store } from '../../src/server/store.ts';
import {
  AGAINST_HANE,
  PEOPLE,
  closeAll,
  connect,
  connectWith,
  makeFolder,
  pause,
  startServer,
  until,
} from './support.ts';

afterEach(closeAll);

const fileOf = (data: string, board: string): string => join(data, 'boards', `${board}.json`);

describe('a board', () => {
  test('outlasts an orderly end, in the middle of a game against hane', async () => {
    const server = await startServer();
    const client = await connectWith(server, AGAINST_HANE);
    await client.play('D4');
    await client.until(() => client.board.nodes.length === 2);
    const before = client.board;
    await server.close();
    expect(client.messages.at(-1)).toEqual({ type: 'goodbye' });
    expect(await client.untilClosed()).toBe(1001);

    const next = await startServer({ data: server.data });
    const again = await connect(next);
    await again.do({ type: 'open', board: before.board });
    expect(again.board).toMatchObject({
      nodes: before.nodes,
      current: before.current,
      start: before.start,
      white: 9,
      isPlaying: true,
    });
    expect(again.board.revision).toBeGreaterThanOrEqual(before.revision);
    const free = ['A1', 'J9'].find(vertex => !again.line.includes(vertex))!;
    await again.play(free);
    await again.until(() => again.board.nodes.length === 4);
  });

  test('whose server ended while hane was thinking is answered by the next', async () => {
    const server = await startServer();
    const client = await connectWith(server, { ...AGAINST_HANE, white: 10, seconds: 10 });
    await client.play('D4');
    expect(client.board.isThinking).toBe(true);
    await server.close();
    const next = await startServer({ data: server.data });
    const again = await connect(next);
    await again.do({ type: 'open', board: client.board.board });
    await again.until(() => again.board.isThinking);
    await again.do({ type: 'setPlayers', black: 'human', white: 9, seconds: 1 });
    await again.until(() => again.board.nodes.length === 2);
  });

  test('keeps variations, comments, names and result', async () => {
    const server = await startServer();
    const client = await connectWith(server, PEOPLE);
    const sgf = '(;SZ[9]PB[A]PW[B]RE[W+R]C[start];B[dd]C[good];W[ee](;B[cc])(;B[gg];W[hh]))';
    await client.do({ type: 'load', sgf: Buffer.from(sgf).toString('base64') });
    await client.do({ type: 'goto', node: 4 });
    await client.until(() => client.board.outlooks.length >= 5);
    const before = client.board;
    await server.close();
    const again = await connect(await startServer({ data: server.data }));
    await again.do({ type: 'open', board: before.board });
    expect({ ...again.board, revision: 0, outlooks: [] }).toEqual({ ...before, revision: 0, outlooks: [] });
    // Ids go on where they were.
    await again.play('A1');
    expect(again.board.current).toBe(6);
  });

  test('that nobody looks at leaves the memory and comes back from its file', async () => {
    const server = await startServer({ limits: { forgetAfterMs: 20 } });
    const client = await connectWith(server, PEOPLE);
    await client.play('D4');
    const { board } = client.board;
    await client.do({ type: 'leave' });
    await pause(100);
    // Had it been in memory still, this would not be seen.
    const path = fileOf(server.data, board);
    const saved = await readFile(path, 'utf8');
    await writeFile(path, saved.replace('"D4"', '"E5"'));
    await client.do({ type: 'open', board });
    expect(client.line).toEqual(['E5']);
  });

  test('that many open at the same time is one', async () => {
    const server = await startServer();
    const client = await connectWith(server, PEOPLE);
    await client.play('D4');
    const { board } = client.board;
    await server.close();
    const next = await startServer({ data: server.data });
    const viewers = await Promise.all(Array.from({ length: 20 }, () => connect(next)));
    await Promise.all(viewers.map(viewer => viewer.do({ type: 'open', board })));
    await viewers[0].play('E5');
    for (const viewer of viewers) await viewer.until(() => viewer.line.length === 2);
    expect(viewers.map(viewer => viewer.missed)).toEqual(viewers.map(() => 0));
  });
});

describe('a file', () => {
  test.each([
    ['that is torn', (text: string) => text.slice(0, text.length / 2)],
    ['that is empty', () => ''],
    ['that is no board', () => '{}'],
    ['of a later format', (text: string) => text.replace('"format":1', '"format":2')],
    ['with a move beside the board', (text: string) => text.replace('"D4"', '"T19"')],
    ['with two stones on a point', (text: string) => text.replace('"F6"', '"D4"')],
    ['with a parent that is not there', (text: string) => text.replace('"parent":1', '"parent":7')],
    ['at a node that is not there', (text: string) => text.replace('"current":2', '"current":9')],
    ['whose ids would come twice', (text: string) => text.replace('"nextNode":3', '"nextNode":2')],
    ['of a board that is none', (text: string) => text.replace('"width":9', '"width":99')],
    ['of another board', (text: string) => text.replace(/"board":".{22}"/, `"board":"${newId()}"`)],
  ])('%s is moved aside and reported, and the server goes on', async (_, damage) => {
    const first = await startServer();
    const client = await connectWith(first, PEOPLE);
    await client.play('D4');
    await client.play('F6');
    const { board } = client.board;
    await first.close();
    const path = fileOf(first.data, board);
    const text = await readFile(path, 'utf8');
    expect(parseSavedBoard(text).nextNode).toBe(3);
    await writeFile(path, damage(text));

    const server = await startServer({ data: first.data });
    const again = await connect(server);
    expect(await again.refused({ type: 'open', board })).toBe('notFound');
    expect(server.warnings.join()).toContain(`${board}.json is damaged and was moved to`);
    expect(await readdir(join(first.data, 'boards'))).toContain(`${board}.json.damaged`);
    await again.do({ type: 'create', game: PEOPLE });
  });

  test('half written by a server that was killed is cleared away', async () => {
    const data = await makeFolder();
    const store = new Store(data, () => {});
    await store.open();
    await store.close();
    await writeFile(join(data, `.${newId()}.json.123.tmp`), 'half');
    await writeFile(join(data, 'notes.txt'), 'mine');
    expect([...(await store.open()).keys()]).toEqual([]);
    await store.close();
    expect(await readdir(data)).toEqual(['notes.txt']);
  });

  test('that cannot be written is reported, and the game goes on', async () => {
    const server = await startServer();
    const client = await connectWith(server, PEOPLE);
    // A folder in its place.
    const { board } = client.board;
    await pause(50);
    await rm(fileOf(server.data, board));
    await mkdir(join(fileOf(server.data, board), 'full'), { recursive: true });
    await client.play('D4');
    await until(() => server.warnings.length > 0);
    expect(server.warnings[0]).toContain('cannot write');
    await client.play('E5');
  });
});

describe('a full disk', () => {
  /** A folder where the file should be: nothing can be written there. */
  const block = async (data: string, board: string): Promise<() => Promise<void>> => {
    const path = fileOf(data, board);
    await rm(path, { force: true });
    await mkdir(join(path, 'full'), { recursive: true });
    return () => rm(path, { recursive: true });
  };
  const board = { state: makeBoard(newId(), PEOPLE), nextNode: 1 };

  test('is told of once, and boards are written when it has room again', async () => {
    const data = await makeFolder();
    const warnings: string[] = [];
    const store = new Store(join(data, 'boards'), message => warnings.push(message), 20);
    await store.open();
    const unblock = await block(data, board.state.board);
    store.save(board, false);
    await until(() => warnings.length > 0);
    await pause(100);
    // As long as it is in no file, it is in memory.
    expect(await store.read(board.state.board)).toEqual(board);
    await unblock();
    const isWritten = async (): Promise<boolean> =>
      (await readdir(join(data, 'boards'))).includes(`${board.state.board}.json`);
    while (!(await isWritten())) await pause(5);
    await store.close();
    expect(warnings).toEqual([expect.stringContaining('cannot write')]);
  });

  test('that has room at an orderly end loses nothing', async () => {
    const server = await startServer();
    const client = await connectWith(server, PEOPLE);
    // Else the graph has it written once more.
    await client.do({ type: 'setAnalysis', mode: 'off' });
    await pause(50);
    const unblock = await block(server.data, client.board.board);
    await client.play('D4');
    await until(() => server.warnings.length > 0);
    await unblock();
    await server.close();
    const again = await connect(await startServer({ data: server.data }));
    await again.do({ type: 'open', board: client.board.board });
    expect(again.line).toEqual(['D4']);
  });

  test('that is still full at the end is told of again', async () => {
    const data = await makeFolder();
    const warnings: string[] = [];
    const store = new Store(join(data, 'boards'), message => warnings.push(message));
    await store.open();
    await block(data, board.state.board);
    store.save(board, false);
    await store.close();
    expect(warnings.at(-1)).toBe('boards whose last changes are lost: 1');
  });
});

test('a board whose file cannot be read for a while is there afterwards', async () => {
  const first = await startServer();
  const { board } = (await connectWith(first, PEOPLE)).board;
  await first.close();
  const path = fileOf(first.data, board);
  const text = await readFile(path, 'utf8');
  const server = await startServer({ data: first.data });
  await rm(path);
  await mkdir(path);
  const client = await connect(server);
  expect(await client.refused({ type: 'open', board })).toBe('internal');
  expect(server.warnings).toEqual([expect.stringContaining(`cannot read ${path}: EISDIR`)]);
  await rm(path, { recursive: true });
  await writeFile(path, text);
  await client.do({ type: 'open', board });
});

test('a folder is one server at a time', async () => {
  const first = await startServer();
  await expect(startServer({ data: first.data })).rejects.toThrow('take another --data');
  await first.close();
  await startServer({ data: first.data });
});

test('no board has a name that a file system could take for a path', () => {
  const ids = Array.from({ length: 1000 }, newId);
  expect(ids.every(id => /^[A-Za-z0-9_-]{22}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(1000);
});
