/** What comes in from outside: malformed, too early, too much, or without the right. */
import { connect as connectTcp, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import { anything, assert, property } from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { MOST_MESSAGE_CHARACTERS, PROTOCOL_VERSION } from '../../src/server/protocol/messages.ts';
import { newId } from '../../src/server/ids.ts';
import { parseMessage } from '../../src/server/schema.ts';
import { RequestError } from '../../src/server/requestError.ts';
import {
  Client,
  PEOPLE,
  closeAll,
  connect,
  connectWith,
  pause,
  startServer,
  until,
  type TestServer,
} from './support.ts';

afterEach(closeAll);

const hello = { type: 'hello', protocol: PROTOCOL_VERSION } as const;

/** Connects without hello. */
const arrive = async ({ url }: TestServer): Promise<Client> => {
  const client = new Client(url);
  await new Promise(resolve => {
    client.socket.once('open', resolve);
  });
  return client;
};

describe('a message', () => {
  test.each([
    ['', 'not JSON'],
    ['{"id":1', 'not JSON'],
    ['\u0000\u0001', 'not JSON'],
    ['null', 'expected object'],
    ['[]', 'expected object'],
    ['"hello"', 'expected object'],
    ['{}', 'type missing'],
    ['{"id":1,"type":"nothing"}', 'type "nothing"'],
    ['{"id":1,"type":"__proto__"}', 'type "__proto__"'],
    ['{"type":"undo"}', 'id missing'],
    ['{"id":-1,"type":"undo"}', 'id -1'],
    ['{"id":1.5,"type":"undo"}', 'id 1.5'],
    ['{"id":1e300,"type":"undo"}', 'id 1e+300'],
    ['{"id":"1","type":"undo"}', 'id "1"'],
    ['{"id":1,"type":"play","node":0}', 'vertex missing'],
    ['{"id":1,"type":"play","node":0,"vertex":"I5"}', 'vertex "I5"'],
    ['{"id":1,"type":"play","node":0,"vertex":"A26"}', 'vertex "A26"'],
    ['{"id":1,"type":"play","node":4294967296,"vertex":"D4"}', 'node 4294967296'],
    ['{"id":1,"type":"open","board":"../../etc/passwd"}', 'board "../../etc/passwd"'],
    ['{"id":1,"type":"resign","color":"black"}', 'color "black"'],
    ['{"id":1,"type":"setAnalysis","mode":"all"}', 'mode "all"'],
    ['{"id":1,"type":"setPlaying","isPlaying":1}', 'isPlaying 1'],
    ['{"id":1,"type":"load","sgf":"(;B[aa])"}', 'sgf "(;B[aa])": base64'],
    ['{"id":1,"type":"setPlayers","black":0,"white":"human","seconds":1}', 'black 0'],
    ['{"id":1,"type":"setPlayers","black":11,"white":"human","seconds":1}', 'black 11'],
    ['{"id":1,"type":"setPlayers","black":1,"white":"human","seconds":1000}', 'seconds 1000'],
    [JSON.stringify({ id: 1, type: 'create', game: { ...PEOPLE, size: 25 } }), 'game.size 25'],
    [JSON.stringify({ id: 1, type: 'create', game: { ...PEOPLE, komi: 0.3 } }), 'game.komi 0.3'],
    [JSON.stringify({ id: 1, type: 'create', game: { ...PEOPLE, komi: 1e9 } }), 'game.komi 1000000000'],
    [JSON.stringify({ id: 1, type: 'create', game: { ...PEOPLE, handicap: 1 } }), 'game.handicap 1'],
    [JSON.stringify({ id: 1, type: 'create', game: { ...PEOPLE, rules: 'mine' } }), 'game.rules "mine"'],
  ])('like %j is refused, and the connection lives', async (text, why) => {
    const client = await connect(await startServer());
    const before = client.messages.length;
    client.sendRaw(text);
    await client.until(() => client.messages.length > before);
    expect(client.messages[before]).toMatchObject({ type: 'error', code: 'malformed' });
    expect(client.messages[before]).toHaveProperty('message', expect.stringContaining(why));
    await client.do({ type: 'leave' });
  });

  test.each([
    ['type', (nested: string) => `{"id":1,"type":${nested}}`],
    ['game', (nested: string) => `{"id":1,"type":"create","game":${nested}}`],
    ['id', (nested: string) => `{"id":${nested},"type":"undo"}`],
  ])('nested more deeply than can be written is refused like others, at its %s', async (field, nest) => {
    const server = await startServer();
    const client = await connect(server);
    client.sendRaw(nest('['.repeat(100_000) + ']'.repeat(100_000)));
    await client.until(() => client.messages.length > 2);
    expect(client.messages[2]).toMatchObject({ type: 'error', code: 'malformed' });
    expect(client.messages[2]).toHaveProperty('message', expect.stringContaining(`${field} [...]: `));
    expect(server.warnings).toEqual([]);
  });

  test('with unknown fields is taken: a newer page may send them', async () => {
    const client = await connect(await startServer());
    client.sendRaw('{"id":77,"type":"leave","why":"tired"}');
    await client.until(() => client.messages.length === 3);
    expect(client.messages[2]).toEqual({ type: 'done', id: 77 });
  });

  test('in a binary frame is refused', async () => {
    const client = await connect(await startServer());
    client.sendRaw(Buffer.from('{"id":1,"type":"leave"}'));
    await client.until(() => client.messages.some(message => message.type === 'error'));
    expect(client.messages.at(-1)).toMatchObject({ code: 'malformed' });
  });

  test('that is too long ends the connection', async () => {
    const client = await connect(await startServer());
    client.sendRaw(`"${'x'.repeat(MOST_MESSAGE_CHARACTERS)}"`);
    expect(await client.untilClosed()).toBe(1009);
  });

  test('of any kind never does more than be refused', () => {
    assert(
      property(anything({ withNullPrototype: true }), value => {
        try {
          parseMessage(value);
        } catch (error) {
          expect(error).toBeInstanceOf(RequestError);
        }
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe('frames', () => {
  /** A raw connection that has become a websocket. */
  const upgrade = async ({ port }: TestServer): Promise<Socket> => {
    const socket = connectTcp(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      `GET /socket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
    await new Promise(resolve => {
      socket.once('data', resolve);
    });
    return socket;
  };

  test.each([
    ['without a mask', Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
    ['with reserved bits', Buffer.from([0xf1, 0x80, 0, 0, 0, 0])],
    ['of an unknown kind', Buffer.from([0x83, 0x80, 0, 0, 0, 0])],
    ['that are no UTF-8', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe])],
    ['that announce more than there may be', Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['that are no frames', randomBytes(4096).fill(0xff)],
  ])('%s end their connection and no other', async (_, bytes) => {
    const server = await startServer();
    const other = await connectWith(server, PEOPLE);
    const socket = await upgrade(server);
    const isClosed = new Promise(resolve => {
      socket.once('close', resolve);
    });
    socket.write(bytes);
    await isClosed;
    await other.play('D4');
    expect(other.line).toEqual(['D4']);
  });

  test.each([
    ['pings', 0x89],
    ['pongs that nobody waits for', 0x8a],
  ])('in a flood of %s end their connection and no other', async (_, kind) => {
    const server = await startServer({ limits: { helloWithinMs: 1e6 } });
    const other = await connectWith(server, PEOPLE);
    const socket = await upgrade(server);
    socket.resume();
    const isClosed = new Promise(resolve => {
      socket.once('close', resolve);
    });
    const flood = Buffer.alloc(48 * 1024, Buffer.from([kind, 0x80, 0, 0, 0, 0]));
    const sendMore = (): void => {
      if (!socket.destroyed) socket.write(flood, sendMore);
    };
    sendMore();
    await isClosed;
    await other.play('D4');
    expect(other.line).toEqual(['D4']);
  });

  test('torn anywhere are put together', async () => {
    const server = await startServer();
    const socket = await upgrade(server);
    const received: Buffer[] = [];
    socket.on('data', chunk => received.push(chunk));
    const text = Buffer.from(JSON.stringify({ ...hello, id: 5 }));
    const frame = Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]);
    for (const byte of frame) {
      socket.write(Buffer.from([byte]));
      await pause(1);
    }
    await until(() => Buffer.concat(received).includes('"done"'));
    expect(Buffer.concat(received).toString('latin1')).toContain('"welcome"');
    socket.destroy();
  });
});

describe('hello', () => {
  test('comes first', async () => {
    const client = await arrive(await startServer());
    expect(await client.refused({ type: 'create', game: PEOPLE })).toBe('forbidden');
    await client.do(hello);
    await client.do({ type: 'create', game: PEOPLE });
  });

  test('is answered with what there is', async () => {
    const client = await connect(await startServer());
    expect(client.messages[0]).toEqual({
      type: 'welcome',
      protocol: PROTOCOL_VERSION,
      version: '0.0.0',
      network: 'scripted',
      outputs: ['policy', 'value', 'lead', 'pass'],
      canWrite: true,
    });
  });

  test('of another version is refused with ours', async () => {
    const client = await arrive(await startServer());
    const answer = await client.ask({ type: 'hello', protocol: 99 });
    expect(answer).toMatchObject({ code: 'version', message: 'protocol 99: this server speaks 1' });
  });

  test('that does not come ends the connection', async () => {
    const client = await arrive(await startServer({ limits: { helloWithinMs: 30 } }));
    expect(await client.untilClosed()).toBe(1008);
  });
});

describe('a token', () => {
  test('is needed to change boards, not to look', async () => {
    const server = await startServer({ token: 'swordfish' });
    const writer = await connect(server, { token: 'swordfish' });
    await writer.do({ type: 'create', game: PEOPLE });
    const reader = await connect(server);
    expect(reader.messages[0]).toMatchObject({ canWrite: false });
    await reader.do({ type: 'open', board: writer.board.board });
    await writer.play('D4');
    await reader.until(() => reader.board.current === 1);
    await reader.do({ type: 'look', node: 0 });
    for (const request of [
      { type: 'play', node: 1, vertex: 'E5' },
      { type: 'goto', node: 0 },
      { type: 'undo' },
      { type: 'create', game: PEOPLE },
      { type: 'setAnalysis', mode: 'search' },
      { type: 'load', sgf: 'KDspCg==' },
    ] as const)
      expect(await reader.refused(request)).toBe('forbidden');
    await reader.do({ ...hello, token: 'swordfish' });
    await reader.do({ type: 'undo' });
  });

  test('that is wrong is refused, and not tried for long', async () => {
    const client = await arrive(await startServer({ token: 'swordfish' }));
    for (let i = 0; i < 4; i++)
      expect(await client.refused({ ...hello, token: `guess ${i}` })).toBe('forbidden');
    client.send({ ...hello, token: 'guess' });
    expect(await client.untilClosed()).toBe(1008);
  });
});

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
