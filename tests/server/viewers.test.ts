/** Many viewers in step, slow ones, those who vanish, those who come back, and how many there may be. */
import { afterEach, describe, expect, test } from 'vitest';
import { applyChange } from '../../src/server/protocol/board.ts';
import {
  HANE_ALONE,
  PEOPLE,
  closeAll,
  connect,
  connectWith,
  refusedWith,
  startServer,
  until,
} from './support.ts';

afterEach(closeAll);

const manyViewers = { maxViewers: 1000, maxViewersPerAddress: 1000, boardsAtOnce: 1000 };

test('200 viewers of one board stay in step', async () => {
  const server = await startServer({ limits: manyViewers });
  const player = await connectWith(server, PEOPLE);
  const { board } = player.board;
  const viewers = await Promise.all(Array.from({ length: 200 }, () => connect(server)));
  await Promise.all(viewers.map(viewer => viewer.do({ type: 'open', board })));
  for (const vertex of ['D4', 'F6', 'C3', 'pass', 'G7']) await player.play(vertex);
  await player.do({ type: 'goto', node: 2 });
  await player.do({ type: 'remove', node: 4 });
  await player.play('E5');
  await player.until(
    () => player.board.viewers === 201 && player.analyses.at(-1)?.node === player.board.current,
  );
  const { revision } = player.board;
  for (const viewer of viewers) {
    await viewer.until(() => viewer.board.revision >= revision);
    expect(viewer.missed).toBe(0);
    expect(viewer.board).toEqual(player.board);
    expect(viewer.analyses.at(-1)).toEqual(player.analyses.at(-1));
  }
});

test('50 boards go on at once, each on its own', async () => {
  const server = await startServer({ limits: manyViewers });
  const clients = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      connectWith(server, i % 2 === 0 ? HANE_ALONE : { ...PEOPLE, white: 9 }),
    ),
  );
  expect(new Set(clients.map(({ board }) => board.board)).size).toBe(50);
  await Promise.all(
    clients.map(async (client, i) => {
      if (i % 2 === 0) return client.until(() => client.board.nodes.length >= 6);
      for (const [moves, vertex] of ['A1', 'J9', 'A9'].entries()) {
        const isFree = !client.board.nodes.some(node => node.vertex === vertex);
        await client.play(isFree ? vertex : 'pass');
        await client.until(() => client.board.nodes.length === 2 * (moves + 1));
      }
    }),
  );
  for (const client of clients) expect(client.missed).toBe(0);
});

describe('a viewer', () => {
  test('that looks elsewhere hears no more of the board before', async () => {
    const server = await startServer();
    const player = await connectWith(server, PEOPLE);
    const viewer = await connect(server);
    await viewer.do({ type: 'open', board: player.board.board });
    await viewer.do({ type: 'create', game: PEOPLE });
    const { board } = viewer.board;
    await player.play('D4');
    await player.until(() => player.analyses.at(-1)?.node === 1);
    await viewer.do({ type: 'leave' });
    const isOfFirst = viewer.messages.filter(
      message => message.type === 'change' && message.board === player.board.board && message.change.nodes,
    );
    expect([isOfFirst, viewer.board.board]).toEqual([[], board]);
  });

  test('that comes late gets the board and what is known of its position', async () => {
    const server = await startServer();
    const player = await connectWith(server, PEOPLE);
    await player.play('D4');
    await player.until(() => player.analyses.at(-1)?.node === 1);
    const late = await connect(server);
    await late.do({ type: 'open', board: player.board.board });
    expect(
      late.messages
        .slice(1)
        .map(({ type }) => type)
        .slice(0, 3),
    ).toEqual(['done', 'board', 'analysis']);
    expect(late.analyses.at(-1)).toEqual(player.analyses.at(-1));
  });

  test('that lost its connection goes on where it was', async () => {
    const server = await startServer();
    const client = await connectWith(server, { ...PEOPLE, white: 9 });
    await client.play('D4');
    client.socket.terminate();
    const again = await connect(server);
    await again.do({ type: 'open', board: client.board.board });
    await again.until(() => again.board.nodes.length === 2);
    expect(again.line[0]).toBe('D4');
  });

  /** About as much as a record may have: a few of them are more than systems keep on the way by themselves. */
  const longRecord = (): string => {
    const moves = 'abcdefghi'
      .split('')
      .map((x, i) => `;${i % 2 === 0 ? 'B' : 'W'}[${x}a]C[${'x'.repeat(55_000)}]`);
    return Buffer.from(`(;SZ[9]${moves.join('')})`).toString('base64');
  };
  const unlimited = { messagesAtOnce: 1e6, messagesPerSecond: 1e6 };

  test('that does not read never slows another, and gets the whole board when it does', async () => {
    const patient = { behindForMs: 1e6, pingEveryMs: 1e6 };
    const server = await startServer({ limits: { ...unlimited, ...patient, behindBytes: 20_000 } });
    const player = await connectWith(server, PEOPLE);
    const slow = await connect(server);
    await slow.do({ type: 'open', board: player.board.board });
    slow.socket.pause();
    const sgf = longRecord();
    for (let i = 0; i < 40; i++) await player.do({ type: 'load', sgf });
    await player.play('D4');
    await player.play('E5');
    slow.socket.resume();
    await slow.until(() => slow.line.at(-1) === 'E5');
    expect(slow.board.nodes).toEqual(player.board.nodes);
    const boards = (messages: typeof slow.messages): number =>
      messages.filter(({ type }) => type === 'board').length;
    expect(boards(player.messages)).toBe(41);
    expect(boards(slow.messages)).toBeLessThan(41);
  });

  test('that does not read for too long is sent away until later', async () => {
    const server = await startServer({
      limits: { ...unlimited, behindBytes: 20_000, behindForMs: 50, pingEveryMs: 50 },
    });
    const player = await connectWith(server, PEOPLE);
    const slow = await connect(server);
    await slow.do({ type: 'open', board: player.board.board });
    await player.until(() => player.board.viewers === 2);
    slow.socket.pause();
    const sgf = longRecord();
    while (player.board.viewers === 2) await player.do({ type: 'load', sgf });
    slow.socket.resume();
    expect([1006, 1013]).toContain(await slow.untilClosed());
  });

  test('that asks and asks and does not read the answers is sent away, also from a board where nothing happens', async () => {
    const server = await startServer({
      limits: { ...unlimited, behindBytes: 20_000, behindForMs: 50, pingEveryMs: 3000 },
    });
    const player = await connectWith(server, PEOPLE);
    await player.do({ type: 'setAnalysis', mode: 'off' });
    const slow = await connect(server);
    await slow.do({ type: 'open', board: player.board.board });
    await player.until(() => player.board.viewers === 2);
    slow.socket.pause();
    const text = JSON.stringify({ id: 1, type: 'nothing', filler: 'x'.repeat(2000) });
    for (let i = 0; i < 20_000; i++) slow.sendRaw(text);
    await player.until(() => player.board.viewers === 1);
    expect(player.closedWith).toBeUndefined();
  });

  test('that is gone without a word is found out', async () => {
    // Seldom enough that the other one answers in time on a busy machine too.
    const server = await startServer({ limits: { pingEveryMs: 1000 } });
    const player = await connectWith(server, PEOPLE);
    const gone = await connect(server);
    await gone.do({ type: 'open', board: player.board.board });
    await player.until(() => player.board.viewers === 2);
    // It answers no ping, as after its cable was pulled.
    gone.socket.pause();
    await player.until(() => player.board.viewers === 1);
    expect(player.closedWith).toBeUndefined();
  });
});

describe('there are no more than allowed', () => {
  test('viewers of one address', async () => {
    const server = await startServer({ limits: { maxViewersPerAddress: 3 } });
    const [first] = await Promise.all([1, 2, 3].map(() => connect(server)));
    expect(await refusedWith(server.url)).toBe(429);
    first.socket.close();
    await first.untilClosed();
    await until(() => first.closedWith !== undefined);
    await connect(server);
  });

  test('viewers in all', async () => {
    const server = await startServer({ limits: { maxViewers: 2 } });
    await Promise.all([1, 2].map(() => connect(server)));
    expect(await refusedWith(server.url)).toBe(503);
  });

  test('boards that one address makes', async () => {
    const server = await startServer({ limits: { boardsAtOnce: 2, boardEveryMs: 1e6 } });
    const client = await connect(server);
    for (let i = 0; i < 2; i++) await client.do({ type: 'create', game: PEOPLE });
    expect(await client.refused({ type: 'create', game: PEOPLE })).toBe('tooFast');
  });

  test('boards in all: the longest unused gives way, never one that somebody looks at', async () => {
    const server = await startServer({ limits: { maxBoards: 2 } });
    const [first, second] = [await connectWith(server, PEOPLE), await connectWith(server, PEOPLE)];
    const third = await connect(server);
    expect(await third.refused({ type: 'create', game: PEOPLE })).toBe('full');
    const { board } = first.board;
    await first.do({ type: 'leave' });
    await third.do({ type: 'create', game: PEOPLE });
    expect(await first.refused({ type: 'open', board })).toBe('notFound');
    await second.play('D4');
  });
});

test('a change applied to the state before gives the state after', async () => {
  const client = await connectWith(await startServer(), PEOPLE);
  const before = client.board;
  await client.play('D4');
  const changes = client.messages.filter(message => message.type === 'change');
  const replayed = changes
    .filter(({ revision }) => revision > before.revision)
    .reduce((state, { change, revision }) => applyChange(state, change, revision), before);
  expect(replayed).toEqual(client.board);
});
