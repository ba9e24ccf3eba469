/** The websocket's client side, over a fake socket and a fake clock. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ServerMessage } from '../../src/server/protocol/messages.ts';
import {
  ANSWER_TIMEOUT_MS,
  Connection,
  FIRST_WAIT_MS,
  LONGEST_WAIT_MS,
  socketUrl,
  type ConnectionOptions,
} from '../../src/web/connection.ts';
import { FakeSocket } from './support.ts';

const open = (options: Partial<ConnectionOptions> = {}) => {
  const sockets: FakeSocket[] = [];
  const states: string[] = [];
  const messages: ServerMessage[] = [];
  const connection = new Connection({
    makeSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    onMessage: message => messages.push(message),
    onState: state => states.push(state),
    random: () => 1,
    ...options,
  });
  return { connection, sockets, states, messages };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a connection', () => {
  test('says hello with the version and the token, and is online once welcomed', () => {
    const { sockets, states, messages } = open({ token: () => 'secret' });
    sockets[0].open();
    expect(sockets[0].sent).toEqual([{ type: 'hello', protocol: 1, token: 'secret', id: 1 }]);
    expect(states).toEqual([]);
    sockets[0].welcome();
    expect(states).toEqual(['online']);
    expect(messages.map(({ type }) => type)).toEqual(['welcome']);
  });

  test('gives each answer to its request', async () => {
    const { connection, sockets } = open();
    sockets[0].welcome();
    const undo = connection.request({ type: 'undo' });
    const load = connection.request({ type: 'load', sgf: 'KDsp' });
    const score = connection.request({ type: 'score' });
    const [first, second, third] = sockets[0].sent.slice(-3).map(({ id }) => id);
    expect(new Set([first, second, third]).size).toBe(3);
    sockets[0].receive({ type: 'error', id: first, code: 'invalid', message: 'there is no move' });
    sockets[0].receive({ type: 'done', id: second, notice: 'one of 2 games' });
    sockets[0].receive({ type: 'done', id: third });
    await expect(undo).rejects.toMatchObject({ code: 'invalid', message: 'there is no move' });
    await expect(load).resolves.toBe('one of 2 games');
    await expect(score).resolves.toBeUndefined();
  });

  test('refuses requests at once while there is no connection', async () => {
    const { connection } = open();
    await expect(connection.request({ type: 'undo' })).rejects.toMatchObject({ code: 'lost' });
  });

  test('comes back, each time after twice the wait, up to the longest', () => {
    const { sockets, states } = open();
    sockets[0].welcome();
    for (let wait = FIRST_WAIT_MS, i = 0; i < 8; i++, wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
      sockets.at(-1)!.lose();
      vi.advanceTimersByTime(wait - 1);
      expect(sockets).toHaveLength(i + 1);
      vi.advanceTimersByTime(1);
      expect(sockets).toHaveLength(i + 2);
    }
    expect(states).toEqual(['online', 'offline']);
    sockets.at(-1)!.welcome();
    sockets.at(-1)!.lose();
    vi.advanceTimersByTime(FIRST_WAIT_MS);
    expect(sockets).toHaveLength(10);
  });

  test('waits between half and all of it, by chance', () => {
    const { sockets } = open({ random: () => 0 });
    sockets[0].lose();
    vi.advanceTimersByTime(FIRST_WAIT_MS / 2);
    expect(sockets).toHaveLength(2);
  });

  test('fails what was asked when it is lost', async () => {
    const { connection, sockets } = open();
    sockets[0].welcome();
    const request = connection.request({ type: 'undo' });
    sockets[0].lose();
    await expect(request).rejects.toMatchObject({ code: 'lost' });
  });

  test('takes a server that does not answer for gone', async () => {
    const { connection, sockets, states } = open();
    sockets[0].welcome();
    const failure = connection.request({ type: 'undo' }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(ANSWER_TIMEOUT_MS);
    expect(await failure).toMatchObject({ code: 'lost' });
    expect(sockets[0].isClosed).toBe(true);
    expect(states).toEqual(['online', 'offline']);
  });

  test('tells a restart from a loss', () => {
    const { sockets, states } = open();
    sockets[0].welcome();
    sockets[0].receive({ type: 'goodbye' });
    sockets[0].lose();
    expect(states).toEqual(['online', 'restarting']);
    vi.advanceTimersByTime(FIRST_WAIT_MS);
    sockets[1].welcome();
    expect(states).toEqual(['online', 'restarting', 'online']);
  });

  test('gives up where the server speaks another version', async () => {
    const { sockets, states } = open();
    sockets[0].open();
    sockets[0].receive({
      type: 'error',
      id: 1,
      code: 'version',
      message: 'protocol 1: this server speaks 2',
    });
    await vi.advanceTimersByTimeAsync(LONGEST_WAIT_MS);
    expect(states).toEqual(['outdated']);
    expect(sockets).toHaveLength(1);
  });

  test('looks on without a token that is wrong', async () => {
    const onWrongToken = vi.fn<() => void>();
    const { sockets } = open({ token: () => 'wrong', onWrongToken });
    sockets[0].open();
    sockets[0].receive({ type: 'error', id: 1, code: 'forbidden', message: 'the token is wrong' });
    await vi.advanceTimersByTimeAsync(0);
    expect(onWrongToken).toHaveBeenCalledOnce();
    expect(sockets[0].sent.at(-1)).toEqual({ type: 'hello', protocol: 1, id: 2 });
  });

  test('tries at once when asked to, and only while it waits', () => {
    const { connection, sockets } = open();
    connection.retryNow();
    expect(sockets).toHaveLength(1);
    sockets[0].lose();
    connection.retryNow();
    expect(sockets).toHaveLength(2);
    vi.advanceTimersByTime(LONGEST_WAIT_MS);
    expect(sockets).toHaveLength(2);
  });

  test('hears nothing more of a socket that it has left', () => {
    const { connection, sockets, messages } = open();
    sockets[0].welcome();
    connection.reconnect();
    sockets[0].receive({ type: 'goodbye' });
    sockets[0].lose();
    expect(messages).toHaveLength(1);
    expect(sockets).toHaveLength(2);
  });
});

test.each([
  ['http://localhost:8348/', 'ws://localhost:8348/socket'],
  ['https://go.example/hane/?token=x#abc.3', 'wss://go.example/hane/socket'],
  ['http://go.example/hane/index.html', 'ws://go.example/hane/socket'],
])('the socket of %s is %s', (page, socket) => {
  expect(socketUrl('/socket', page)).toBe(socket);
});
