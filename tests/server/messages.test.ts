/** What comes in from outside: malformed, too early, or without the right. */
import { connect as connectTcp, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import { anything, assert, property } from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { MOST_MESSAGE_CHARACTERS, PROTOCOL_VERSION } from '../../src/server/protocol/messages.ts';
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
