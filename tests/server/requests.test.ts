/** Requests: in which order they are answered, and how many of them. */
import { afterEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/server/ids.ts';
import { PEOPLE, closeAll, connect, connectWith, pause, startServer } from './support.ts';

afterEach(closeAll);

describe('requests', () => {
  test('are answered in the order in which they came', async () => {
    const client = await connect(await startServer());
    const ids = [
      client.send({ type: 'create', game: PEOPLE }),
      client.send({ type: 'score' }),
      client.send({ type: 'open', board: newId() }),
      client.send({ type: 'leave' }),
      client.send({ type: 'undo' }),
    ];
    const answers = () =>
      client.messages.flatMap(message =>
        message.type === 'done' || message.type === 'error' ? [message.id] : [],
      );
    await client.until(() => answers().length === ids.length + 1);
    expect(answers().slice(1)).toEqual(ids);
  });

  test('about a board need one', async () => {
    const client = await connect(await startServer());
    for (const type of ['undo', 'genmove', 'score', 'acceptScore'] as const)
      expect(await client.refused({ type })).toBe('noBoard');
    await client.do({ type: 'create', game: PEOPLE });
    await client.do({ type: 'leave' });
    expect(await client.refused({ type: 'play', node: 0, vertex: 'D4' })).toBe('noBoard');
  });

  test('about what is not there are refused', async () => {
    const client = await connectWith(await startServer(), PEOPLE);
    expect(await client.refused({ type: 'open', board: newId() })).toBe('notFound');
    for (const type of ['goto', 'remove', 'look'] as const)
      expect(await client.refused({ type, node: 9 })).toBe('notFound');
    expect(client.board.board).toHaveLength(22);
  });

  test('in a flood are refused, then the connection is closed, and others do not feel it', async () => {
    const server = await startServer({ limits: { messagesAtOnce: 20, messagesPerSecond: 1 } });
    const other = await connectWith(server, PEOPLE);
    const client = await connect(server);
    for (let i = 0; i < 500; i++) client.send({ type: 'leave' });
    expect(await client.untilClosed()).toBe(1008);
    const refused = client.messages.filter(message => message.type === 'error');
    expect(refused[0]).toMatchObject({ code: 'tooFast', id: 21 });
    await other.play('D4');
  });

  test('after a flood are not read, whatever is still to be done before the connection is closed', async () => {
    const server = await startServer({ limits: { messagesAtOnce: 40, messagesPerSecond: 0.001 } });
    const client = await connectWith(server, PEOPLE);
    // The thread of records takes a moment to start.
    client.send({ type: 'load', sgf: btoa('(;B[aa])') });
    for (let i = 0; i < 230; i++) client.send({ type: 'leave' });
    const filler = 'x'.repeat(1_000_000);
    for (let i = 0; i < 30; i++) client.sendRaw(filler);
    await pause(200);
    expect(client.socket.bufferedAmount).toBeGreaterThan(0);
    expect(await client.untilClosed()).toBe(1008);
  });

  test('of one address are bounded together, whatever its connections may send each', async () => {
    const server = await startServer({
      limits: { messagesAtOnce: 200, messagesPerSecond: 0.001, maxViewersPerAddress: 2 },
    });
    const both = [await connect(server), await connect(server)];
    for (const client of both) for (let i = 0; i < 190; i++) client.send({ type: 'leave' });
    for (const client of both) await client.until(() => client.messages.length === 2 + 190);
    const refused = both.flatMap(({ messages }) => messages.filter(message => message.type === 'error'));
    expect(refused.length).toBeGreaterThan(100);
    for (const each of refused)
      expect(each).toMatchObject({
        code: 'tooFast',
        message: 'at most 4 messages a second from one address in the long run',
      });
  });

  test('that take long count as many', async () => {
    const client = await connectWith(
      await startServer({ limits: { messagesAtOnce: 20, messagesPerSecond: 0.001 } }),
      PEOPLE,
    );
    expect(await client.refused({ type: 'load', sgf: 'KDspCg==' })).toBe('tooFast');
  });

  test('that are long count as many', async () => {
    const client = await connect(
      await startServer({ limits: { messagesAtOnce: 20, messagesPerSecond: 0.001 } }),
    );
    const filler = 'x'.repeat(600 * 1024);
    for (let i = 0; i < 2; i++) client.sendRaw(JSON.stringify({ id: 70 + i, type: 'leave', filler }));
    await client.until(() => client.messages.length === 4);
    expect(client.messages.slice(2)).toMatchObject([
      { type: 'done', id: 70 },
      { type: 'error', code: 'tooFast' },
    ]);
  });

  test('that come faster than they are done are not read', async () => {
    const server = await startServer({ limits: { messagesAtOnce: 1e6, messagesPerSecond: 1e6 } });
    const client = await connectWith(server, PEOPLE);
    // Many setup stones, again and again: the thread of records is busy with it, and what comes after has to wait.
    client.send({ type: 'load', sgf: btoa(`(;B[aa];AB${'[aa:sj]'.repeat(20_000)})`) });
    const text = JSON.stringify({ id: 0, type: 'nothing', filler: 'x'.repeat(2000) });
    for (let i = 0; i < 20_000; i++) client.sendRaw(text);
    await client.until(() => client.messages.some(message => message.type === 'done' && message.id === 3));
    expect(client.socket.bufferedAmount).toBeGreaterThan(0);
    client.socket.terminate();
    // Those that wait behind one that has gone cost no time.
    await (await connectWith(server, PEOPLE)).play('D4');
  });

  test.each([
    ['about positions after thousands of moves', ';B[];W[]'.repeat(1900), [1, 4, 4, 4]],
    ['that change a board with thousands of moves', '(;B[])'.repeat(8000), [3, 3, 3, 3]],
  ])('%s count as several', async (_, moves, costs) => {
    // hello, create and load come before.
    const messagesAtOnce = 1 + 5 + 20 + costs.reduce((sum, cost) => sum + cost, 0);
    const client = await connectWith(
      await startServer({ limits: { messagesAtOnce, messagesPerSecond: 0.001 } }),
      PEOPLE,
    );
    await client.do({ type: 'load', sgf: btoa(`(;SZ[9]${moves})`) });
    const { nodes } = client.board;
    for (const { id } of [nodes[8], ...nodes.slice(-3)]) await client.do({ type: 'goto', node: id });
    expect(await client.refused({ type: 'goto', node: nodes.at(-4)!.id })).toBe('tooFast');
  });

  test('of one who does not read the answers are not read either', async () => {
    const server = await startServer({
      limits: { messagesAtOnce: 1e6, messagesPerSecond: 1e6, behindBytes: 1000, behindForMs: 1e6 },
    });
    const client = await connect(server);
    client.socket.pause();
    const text = JSON.stringify({ id: 1, type: 'nothing', filler: 'x'.repeat(2000) });
    for (let i = 0; i < 20_000; i++) client.sendRaw(text);
    await pause(300);
    // What the server has not read stays here.
    expect(client.socket.bufferedAmount).toBeGreaterThan(0);
    client.socket.resume();
    await client.until(() => client.messages.length === 20_002);
  });
});
