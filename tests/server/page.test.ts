/** HTTP: the page and nothing else, with headers that keep it safe; and which pages may connect. */
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import {
  isHostAllowed,
  isLoopback,
  isOriginAllowed,
  limitedAddress,
  parseOrigin,
} from '../../src/server/origins.ts';
import { closeAll, connect, pause, refusedWith, startServer, until, type TestServer } from './support.ts';

afterEach(closeAll);

interface Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** As sent: `fetch` would tidy the path up. */
const get = (
  { port }: TestServer,
  path: string,
  { method = 'GET', ...headers }: Record<string, string> = {},
): Promise<Response> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, response => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });

describe('the page', () => {
  test('is served with what keeps it safe', async () => {
    const { status, headers, body } = await get(await startServer(), '/');
    expect([status, body]).toEqual([200, '<!doctype html><title>hane</title>']);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-cache');
    const policy = headers['content-security-policy'];
    for (const part of [
      "default-src 'self'",
      "object-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ])
      expect(policy).toContain(part);
    expect(policy).not.toMatch(/script-src|unsafe-eval/);
  });

  test('has assets that browsers may keep, their names being their content', async () => {
    const { headers } = await get(await startServer(), '/assets/main-abc.js');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-type']).toMatch(/javascript/);
  });

  test('is all there is', async () => {
    const server = await startServer();
    for (const path of [
      '/nothing',
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/assets/../../secret.txt',
      '/boards',
      '/%00',
      '/%',
      '//etc/passwd',
      '/index.html/x',
    ]) {
      const { status, body } = await get(server, path);
      expect([path, status]).toEqual([path, 404]);
      expect(body).not.toContain('secret');
    }
  });

  test('is only read', async () => {
    const server = await startServer();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const { status, headers } = await get(server, '/', { method });
      expect([method, status, headers['allow']]).toEqual([method, 405, 'GET, HEAD']);
    }
    expect(await get(server, '/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  test('goes by the names of this machine: another name has been made to point here', async () => {
    const server = await startServer({ origins: ['https://go.example.org'] });
    for (const host of ['localhost:1', '127.0.0.1', '[::1]:8348', 'go.example.org'])
      expect([host, (await get(server, '/', { host })).status]).toEqual([host, 200]);
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80', 'a b'])
      expect([host, (await get(server, '/', { host })).status]).toEqual([host, 421]);
  });

  test("for others goes by no name that could be anybody else's, and says what helps", async () => {
    const server = await startServer({ host: '0.0.0.0' });
    expect((await get(server, '/', { host: `127.0.0.1:${server.port}` })).status).toBe(200);
    const { status, body } = await get(server, '/', { host: 'evil.example' });
    expect([status, body]).toEqual([421, expect.stringContaining('--origin <url>')]);
    const headers = { host: 'evil.example' };
    expect(await refusedWith(server.url, { origin: 'http://evil.example', headers })).toBe(421);
  });

  test('survives what is no HTTP', async () => {
    const server = await startServer();
    const socket = connectTcp(server.port, '127.0.0.1');
    const closed = new Promise(resolve => {
      socket.once('close', resolve);
    });
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.write('\u0000\u0001 nonsense\r\n\r\n');
    await closed;
    expect((await get(server, '/')).status).toBe(200);
  });
});

describe('a websocket', () => {
  test('is opened by the page itself, by programs, and by pages that are allowed', async () => {
    const server = await startServer({ origins: ['https://go.example.org'] });
    for (const origin of [undefined, `http://127.0.0.1:${server.port}`, 'https://go.example.org'])
      expect((await connect(server, origin === undefined ? {} : { origin })).messages[0].type).toBe(
        'welcome',
      );
  });

  test('is refused to pages from elsewhere', async () => {
    const server = await startServer();
    for (const origin of ['https://evil.example', `http://127.0.0.1:${server.port + 1}`, 'null', 'file://'])
      expect([origin, await refusedWith(server.url, { origin })]).toEqual([origin, 403]);
    const headers = { host: 'evil.example' };
    expect(await refusedWith(server.url, { origin: 'http://evil.example', headers })).toBe(421);
  });

  test('that is refused is hung up on, whatever the other side does', async () => {
    const server = await startServer({ limits: { maxViewersPerAddress: 1 } });
    const refused = Array.from({ length: 3 }, () => {
      const socket = connectTcp({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => {});
      socket.resume();
      socket.write(
        'GET /elsewhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      );
      return socket;
    });
    // What is written to a connection that is there no more fails, sooner or later.
    for (const socket of refused) while (!socket.destroyed) await pause(5).then(() => socket.write('x'));
    expect((await connect(server)).messages[0].type).toBe('welcome');
  });

  test('and all else of one address is bounded', async () => {
    const server = await startServer({ limits: { maxViewersPerAddress: 1 } });
    const sockets = Array.from({ length: 60 }, () => connectTcp(server.port, '127.0.0.1'));
    let ended = 0;
    for (const socket of sockets) socket.on('error', () => {}).on('close', () => ended++);
    await until(() => ended === 9);
    for (const socket of sockets) socket.destroy();
    await until(() => ended === 60);
    expect((await connect(server)).messages[0].type).toBe('welcome');
  });

  test('is at one path', async () => {
    const { port } = await startServer();
    expect(await refusedWith(`ws://127.0.0.1:${port}/elsewhere`)).toBe(404);
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.5.5.5', true],
  ['localhost', true],
  ['::1', true],
  ['[::1]', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.1', false],
  ['localhost.example', false],
])('%s is this machine only: %s', (host, isSo) => {
  expect(isLoopback(host)).toBe(isSo);
});

test.each(['0.0.0.0', '::', '192.168.1.5', 'go.example.org'])(
  'bound to %s, a server goes by addresses, local names and names that it was given: the rest may have been made to point here',
  bound => {
    const names = { bound, origins: ['https://Play.example.org', 'http://a.example:8348'] };
    for (const host of ['192.168.1.5:8348', '[fe80::1]:8348', 'localhost:8348', 'tower:8348', 'Tower.local'])
      expect([host, isHostAllowed(host, names)]).toEqual([host, true]);
    for (const host of ['play.example.org', 'PLAY.example.org', 'a.example:8348'])
      expect([host, isHostAllowed(host, names)]).toEqual([host, true]);
    for (const host of [
      'evil.example:8348',
      '192.168.1.5.nip.io',
      'tower.local.evil.example',
      'tower.',
      'a.example',
    ])
      expect([host, isHostAllowed(host, names)]).toEqual([host, false]);
    for (const host of [undefined, '', "x'; script-src *", 'a/b', 'a:b', '[::1', '[1.2.3.4.5]'])
      expect([host, isHostAllowed(host, names)]).toEqual([host, false]);
    expect(isHostAllowed('go.example.org:8348', names)).toBe(bound === 'go.example.org');
  },
);

test('bound to this machine only, a server does not go by the names of others in the local network', () => {
  for (const host of ['tower', 'tower.local', '192.168.1.5', '[fe80::1]'])
    expect([host, isHostAllowed(host, { bound: '127.0.0.1', origins: [] })]).toEqual([host, false]);
});

test('an origin is of a host, whatever the case', () => {
  expect(isOriginAllowed('https://go.example.org', 'GO.example.org', [])).toBe(true);
  expect(isOriginAllowed('https://go.example.org', 'example.org', [])).toBe(false);
  expect(isOriginAllowed('ftp://example.org', 'example.org', [])).toBe(false);
});

test('an origin is read as browsers write it', () => {
  expect(['https://Go.example.org/', 'http://a:80', 'ftp://a', 'a', '*'].map(parseOrigin)).toEqual([
    'https://go.example.org',
    'http://a',
    undefined,
    undefined,
    undefined,
  ]);
});

test('addresses of one IPv6 network count as one', () => {
  expect(
    [
      '1.2.3.4',
      '::ffff:1.2.3.4',
      '2001:db8:1:2:3:4:5:6',
      '2001:db8:1:2::7',
      '::1',
      'fe80::1%eth0',
      undefined,
    ].map(limitedAddress),
  ).toEqual(['1.2.3.4', '1.2.3.4', '2001:db8:1:2', '2001:db8:1:2', '0:0:0:0', 'fe80:0:0:0', 'unknown']);
});
