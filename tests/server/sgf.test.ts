/** Loading records: variations, encodings, what a board cannot hold, and what is no record. */
import { afterEach, describe, expect, test } from 'vitest';
import { MOST_NODES, MOST_SGF_BYTES } from '../../src/server/protocol/messages.ts';
import { describeProblems, readSgf } from '../../src/server/readSgf.ts';
import { RecordReader } from '../../src/server/recordReader.ts';
import { RequestError } from '../../src/server/requestError.ts';
import { PEOPLE, closeAll, connect, connectWith, startServer, until } from './support.ts';

afterEach(closeAll);

const read = (text: string) => readSgf(Buffer.from(text));

describe('a record', () => {
  test('becomes a tree with the main line first, its comments, names and result', () => {
    const { start, nodes, names, result, problems } = read(
      '(;GM[1]SZ[9]KM[6.5]RU[Japanese]PB[Honinbo]PW[Yasui]RE[B+2.5]C[begin];B[dd]C[one];W[ee](;B[cc];W[dc])(;B[gg](;W[hh])(;W[])))',
    );
    expect(start).toEqual({
      width: 9,
      height: 9,
      komi: 6.5,
      rules: 'japanese',
      handicap: 0,
      setup: [],
      toPlay: 'B',
      comment: 'begin',
    });
    expect(nodes).toEqual([
      { id: 1, parent: 0, color: 'B', vertex: 'D6', comment: 'one' },
      { id: 2, parent: 1, color: 'W', vertex: 'E5' },
      { id: 3, parent: 2, color: 'B', vertex: 'C7' },
      { id: 4, parent: 3, color: 'W', vertex: 'D7' },
      { id: 5, parent: 2, color: 'B', vertex: 'G3' },
      { id: 6, parent: 5, color: 'W', vertex: 'H2' },
      { id: 7, parent: 5, color: 'W', vertex: 'pass' },
    ]);
    expect([names, result, problems]).toEqual([{ black: 'Honinbo', white: 'Yasui' }, 'B+2.5', []]);
  });

  test('may begin with a handicap, or with a problem', () => {
    expect(read('(;SZ[19]HA[2]AB[dp][pd]KM[0.5];W[dd])').start).toMatchObject({
      handicap: 2,
      toPlay: 'W',
      setup: [
        { color: 'B', vertex: 'D4' },
        { color: 'B', vertex: 'Q16' },
      ],
    });
    expect(read('(;SZ[5]AB[aa:ac]AW[ba][bb]PL[W])').start).toMatchObject({
      handicap: 0,
      toPlay: 'W',
      setup: [{ vertex: 'A5' }, { vertex: 'A4' }, { vertex: 'A3' }, { vertex: 'B5' }, { vertex: 'B4' }],
    });
  });

  test('may be of any size that a board has, rectangular too', () => {
    expect(read('(;SZ[25];B[yy])').nodes[0].vertex).toBe('Z1');
    expect(read('(;SZ[7:3];B[gc])').nodes[0].vertex).toBe('G1');
  });

  test.each([
    ['W+R', 'W+R'],
    ['B+T', 'B+T'],
    ['B+F', 'B+F'],
    ['0', '0'],
    ['Draw', '0'],
    ['White wins by resignation', 'W+R'],
    ['Void', null],
    ['?', null],
  ])('ends as it says: %s', (text, result) => {
    expect(read(`(;RE[${text}];B[dd])`).result).toBe(result);
  });

  test.each([
    ['375', 7.5],
    ['3.75', 7.5],
    ['650', 6.5],
    ['-3', -3],
    ['x', 7.5],
    ['9999', 7.5],
  ])('has komi in points, however it writes it: %s', (text, komi) => {
    expect(read(`(;KM[${text}];B[dd])`).start.komi).toBe(komi);
  });

  test.each([
    ['Shift_JIS', Buffer.from([0x96, 0x7b, 0x88, 0xf6, 0x96, 0x56]), '本因坊'],
    ['GB2312', Buffer.from([0xc4, 0xf4, 0xce, 0xc0, 0xc6, 0xbd]), '聂卫平'],
    ['EUC-KR', Buffer.from([0xc0, 0xcc, 0xc3, 0xa2, 0xc8, 0xa3]), '이창호'],
    ['UTF-8', Buffer.from('李世乭'), '李世乭'],
    ['ISO-8859-1', Buffer.from([0x4a, 0xf6, 0x72, 0x67]), 'Jörg'],
  ])('in %s names its players', (encoding, name, expected) => {
    const bytes = Buffer.concat([
      Buffer.from(`(;GM[1]CA[${encoding}]PB[`),
      name,
      Buffer.from('];B[dd];W[pp])'),
    ]);
    expect(readSgf(bytes).names.black).toBe(expected);
  });

  test('with a game as long as a board holds is read without a stack for each move', () => {
    const moves = Array.from({ length: MOST_NODES }, (_, i) => (i % 2 === 0 ? ';B[]' : ';W[]'));
    expect(read(`(;SZ[9]${moves.join('')})`).nodes).toHaveLength(MOST_NODES);
    expect(() => read(`(;SZ[9]${moves.join('')};B[])`)).toThrow(`more than ${MOST_NODES} moves`);
  });
});

describe('what a board cannot hold is left out and said', () => {
  test.each([
    ['(;SZ[9];B[dd];AB[ee];W[cc])', 1, 'stones set up after move 1, with all below'],
    ['(;SZ[9];B[dd](;W[ee])(;AE[dd];W[cc]))', 2, 'stones set up after move 1, with all below'],
    ['(;SZ[9];B[dd];W[dd];B[ee])', 1, 'move 2 at D6 (occupied), with all below'],
    ['(;SZ[9];B[zz];W[dd])', 0, 'a move 1 that is no point of the board, with all below'],
    ['(;SZ[9]RU[Mine];B[dd])', 1, 'rules "Mine" unknown: chinese instead'],
    ['(;SZ[9]KM[9999];B[dd])', 1, 'komi 9999 of no rules: 7.5 instead'],
    ['(;SZ[9];B[dd])(;SZ[9];B[ee])', 1, 'one of 2 games'],
  ])('%s', (text, moves, problem) => {
    const game = read(text);
    expect([game.nodes.length, game.problems]).toEqual([moves, [problem]]);
  });

  test('a few problems are told, the rest counted', () => {
    expect(describeProblems([])).toBeUndefined();
    expect(describeProblems(['a', 'b'])).toBe('a; b');
    expect(describeProblems(['a', 'b', 'c', 'd', 'e'])).toBe('a; b; c; and 2 more');
  });
});

describe('what is no record is refused', () => {
  test.each([
    ['', 'no game in it'],
    ['hello', 'the record cannot be read'],
    ['(;SZ[9];B[dd', 'the record cannot be read'],
    ['(;SZ[99];B[dd])', 'each side must be a whole number from 1 to 25'],
    ['(;GM[2];B[dd])', 'not a game of Go'],
    ['(;SZ[3]AB[aa:cc])', 'a chain without liberties'],
  ])('%s', (text, why) => {
    expect(() => read(text)).toThrow(RequestError);
    expect(() => read(text)).toThrow(why);
  });

  test('nor is anything longer than a record may be', () => {
    expect(() => readSgf(Buffer.alloc(MOST_SGF_BYTES + 1))).toThrow(`at most ${MOST_SGF_BYTES}`);
  });
});

test('all viewers see a record that is loaded, and hane waits', async () => {
  const server = await startServer();
  const client = await connectWith(server, { ...PEOPLE, white: 9 });
  await client.play('D4');
  const viewer = await connect(server);
  await viewer.do({ type: 'open', board: client.board.board });
  const sgf = Buffer.from('(;SZ[13]RE[W+R];B[dd];W[jj](;B[cc])(;AB[aa]))').toString('base64');
  const answer = await client.ask({ type: 'load', sgf });
  expect(answer).toMatchObject({ type: 'done', notice: 'stones set up after move 2, with all below' });
  await viewer.until(() => viewer.board.start.width === 13);
  expect(viewer.board).toMatchObject({
    black: 'human',
    white: 'human',
    isPlaying: false,
    isThinking: false,
    current: 0,
    result: 'W+R',
  });
  expect(viewer.board.nodes).toEqual(client.board.nodes);
  // No id of the game before comes again.
  expect(Math.min(...viewer.board.nodes.map(({ id }) => id))).toBeGreaterThan(2);
  expect(await client.refused({ type: 'load', sgf: Buffer.from('no').toString('base64') })).toBe('invalid');
  expect(client.board.start.width).toBe(13);
});

test('of a record the whole main line is looked at for the graph, that of variations when somebody is there', async () => {
  const client = await connectWith(await startServer(), PEOPLE);
  const sgf = Buffer.from('(;SZ[9];B[dd];W[ee](;B[cc];W[dc];B[ff])(;B[gg];W[hh]))').toString('base64');
  await client.do({ type: 'load', sgf });
  const ids = client.board.nodes.map(({ id }) => id);
  const seen = (): number[] => client.board.outlooks.map(({ node }) => node).toSorted((a, b) => a - b);
  await client.until(() => seen().length === 6);
  expect(seen()).toEqual([0, ...ids.slice(0, 5)]);
  await client.do({ type: 'goto', node: ids[5] });
  await client.until(() => seen().length === 8);
});

describe('records are read in a thread of their own', () => {
  /** More nodes than a board holds moves, without any: half a gigabyte, and some seconds. */
  const hostile = Buffer.from(`(;SZ[9]${';'.repeat(700_000)})`);
  const short = Buffer.from('(;SZ[9];B[dd])');

  test.each([
    ['too long', { patienceMs: 500, heapMb: 4096 }],
    ['too much memory', { patienceMs: 600_000, heapMb: 64 }],
  ])('and one that takes %s is given up, but not the next', async (how, limits) => {
    const reader = new RecordReader(limits);
    const [first, second] = await Promise.allSettled([reader.read(hostile), reader.read(short)]);
    expect(first).toMatchObject({
      status: 'rejected',
      reason: { code: 'invalid', message: `the record takes ${how} to read` },
    });
    expect(second).toMatchObject({ status: 'fulfilled', value: { nodes: [{ vertex: 'D6' }] } });
    await expect(reader.read(Buffer.from('none'))).rejects.toThrow('no game in it');
    await reader.close();
    expect((await reader.read(short)).nodes).toHaveLength(1);
    await reader.close();
  });

  test('and the longest that a board holds is read', async () => {
    const reader = new RecordReader({ patienceMs: 600_000 });
    const node = (_: unknown, i: number): string =>
      `;${i % 2 === 0 ? 'B' : 'W'}[]BL[1799.5]WL[1798.5]N[a move]`;
    const longest = Buffer.from(`(;SZ[9]${Array.from({ length: MOST_NODES }, node).join('')})`);
    expect(longest.length).toBeGreaterThan(0.9 * MOST_SGF_BYTES);
    expect((await reader.read(longest)).nodes).toHaveLength(MOST_NODES);
    await reader.close();
  });

  test('which ends when there is nothing to read, and begins again', async () => {
    const reader = new RecordReader({ idleMs: 1 });
    const hasThread = (): boolean => (reader as unknown as { readonly worker: unknown }).worker !== undefined;
    for (let i = 0; i < 2; i++) {
      const reading = reader.read(short);
      await until(hasThread);
      expect((await reading).nodes).toHaveLength(1);
      await until(() => !hasThread());
    }
  });

  test('and only so many wait', async () => {
    const reader = new RecordReader();
    const all = await Promise.allSettled(Array.from({ length: 21 }, () => reader.read(short)));
    expect(all.map(({ status }) => status)).toEqual([...Array<string>(20).fill('fulfilled'), 'rejected']);
    expect(all.at(-1)).toMatchObject({ reason: { code: 'full' } });
    await reader.close();
  });
});
