/**
 * The server: HTTP for the page, a websocket for the game (docs/protocol.md). Start reading at {@link openServer}; a connection
 * is socket.ts, what it may ask requests.ts, a board boardRoom.ts, what hane thinks there thinker.ts.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import type { StandingSearches } from '../search/standingSearches.ts';
import { Boards } from './boards.ts';
import { makeFrame } from './frame.ts';
import { servePage } from './http.ts';
import { DEFAULT_LIMITS, FAREWELL_MS, messagesOfAddress, type Limits } from './limits.ts';
import { isHostAllowed, isOriginAllowed, limitedAddress, type ServerNames } from './origins.ts';
import { MOST_MESSAGE_CHARACTERS, SOCKET_PATH } from './protocol/messages.ts';
import { RecordReader } from './recordReader.ts';
import { Connection, type Services } from './socket.ts';
import { Store } from './store.ts';
import { TokenBuckets } from './tokenBucket.ts';
import { Trees } from './trees.ts';
import { Turnstile } from './turnstile.ts';

/** Code of RFC 6455, section 7.4.1: the server ends. */
const GOING_AWAY = 1001;

/** Connections beside those of viewers, for the page's files. */
const PAGE_CONNECTIONS = 500;
const PAGE_CONNECTIONS_PER_ADDRESS = 50;

/** For requests that are sent by and by; Node looks for those that took too long at intervals. */
const TIMEOUTS = { requestTimeout: 30_000, headersTimeout: 10_000, connectionsCheckingInterval: 5000 };

export interface ServerOptions {
  /** Run the network; stay open when the server closes. */
  readonly searches: StandingSearches;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Where boards are kept, in its folder `boards`. */
  readonly data: string;
  /** The built page. */
  readonly page: string;
  /** Needed to change boards; everybody may if there is none. */
  readonly token?: string | undefined;
  /** Its own addresses behind a proxy, and origins of pages from elsewhere that may connect. */
  readonly origins?: readonly string[];
  /** Of hane. */
  readonly version: string;
  /** As {@link DEFAULT_LIMITS} where nothing is said. */
  readonly limits?: Partial<Limits>;
  /** Told what went wrong, in words for the server's owner. */
  readonly warn?: (message: string) => void;
}

export interface RunningServer {
  /** For a browser on this machine. */
  readonly address: string;
  readonly port: number;
  /** Says goodbye to all, saves every board, and ends within seconds. */
  close(): Promise<void>;
}

/** @throws Error if the folder cannot be used, or as `listen` does: `EADDRINUSE` and others */
export const openServer = async (options: ServerOptions): Promise<RunningServer> => {
  const { searches, host = '127.0.0.1', port, data, page, token, origins = [], version } = options;
  const { warn = () => {} } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const network = { searches, turnstile: new Turnstile(), trees: new Trees(limits.maxTrees) };
  const boards = new Boards({ network, store: new Store(join(data, 'boards'), warn), limits, warn });
  const records = new RecordReader();
  const { atOnce, perSecond } = messagesOfAddress(limits);
  const allowances = new TokenBuckets(atOnce, perSecond);
  const services: Services = {
    boards,
    records,
    limits,
    allowances,
    token,
    version,
    network: searches,
    warn,
  };
  const names = { bound: host, origins };

  const http = createServer(TIMEOUTS, servePage(page, names));
  http.maxConnections = limits.maxViewers + PAGE_CONNECTIONS;
  limitAddresses(http, limits.maxViewersPerAddress + PAGE_CONNECTIONS_PER_ADDRESS);
  const door = new Door(services, names, id => network.turnstile.forget(id));
  http.on('upgrade', (request, socket, head) => door.open(request, socket, head));
  await boards.start();
  try {
    await listen(http, host, port);
  } catch (error) {
    await boards.close();
    throw error;
  }
  const pings = setInterval(() => door.check(), limits.pingEveryMs);

  const close = async (): Promise<void> => {
    clearInterval(pings);
    const ended = once(http, 'close');
    http.close();
    door.close();
    await Promise.race([boards.save(), pause(FAREWELL_MS)]);
    // Browsers keep theirs open; viewers may still have to hang up.
    http.closeAllConnections();
    await Promise.race([ended, pause(FAREWELL_MS)]);
    door.terminate();
    await records.close();
    // What changed while viewers left.
    await Promise.race([boards.close(), pause(FAREWELL_MS)]);
  };
  const { port: actual } = http.address() as AddressInfo;
  return { address: `http://${nameFor(host)}:${actual}/`, port: actual, close };
};

const listen = (http: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen({ host, port }, () => {
      http.off('error', reject);
      resolve();
    });
  });

/** How a browser on this machine calls a host that is listened at. */
const nameFor = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;

/** Hangs up on connections of an address beyond so many, whatever they are for: else one could take all places. */
const limitAddresses = (http: Server, most: number): void => {
  const counts = new Map<string, number>();
  http.on('connection', socket => {
    const address = limitedAddress(socket.remoteAddress);
    const count = counts.get(address) ?? 0;
    if (count >= most) {
      socket.destroy();
      return;
    }
    counts.set(address, count + 1);
    socket.once('close', () => {
      const left = counts.get(address)! - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
    });
  });
};

/** Lets connections in, and knows them all. */
class Door {
  private readonly services: Services;
  private readonly names: ServerNames;
  private readonly onEnd: (name: string) => void;
  private readonly sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MOST_MESSAGE_CHARACTERS,
    perMessageDeflate: false,
  });
  private readonly connections = new Set<Connection>();
  /** Connections of each address. */
  private readonly counts = new Map<string, number>();
  private isClosed = false;
  private opened = 0;

  /** @param onEnd called with the name of a connection that is gone */
  constructor(services: Services, names: ServerNames, onEnd: (name: string) => void) {
    this.services = services;
    this.names = names;
    this.onEnd = onEnd;
  }

  open(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const address = limitedAddress(request.socket.remoteAddress);
    const refusal = this.whyNot(request, address);
    if (refusal) return refuse(socket, refusal);
    this.sockets.handleUpgrade(request, socket, head, client => {
      this.counts.set(address, (this.counts.get(address) ?? 0) + 1);
      const name = `viewer ${this.opened++}`;
      const onEnd = (): void => {
        this.connections.delete(connection);
        const left = this.counts.get(address)! - 1;
        if (left > 0) this.counts.set(address, left);
        else this.counts.delete(address);
        this.onEnd(name);
      };
      const connection = new Connection(client, { name, address, onEnd }, this.services);
      this.connections.add(connection);
    });
  }

  /** Looks for connections that are gone without a word, and forgets what addresses sent. */
  check(): void {
    for (const connection of this.connections) connection.check();
    this.services.allowances.sweep();
  }

  /** Says goodbye to all; nobody comes in any more. */
  close(): void {
    this.isClosed = true;
    const goodbye = makeFrame({ type: 'goodbye' });
    for (const connection of this.connections) {
      connection.send(goodbye);
      connection.close(GOING_AWAY, 'the server ends');
    }
  }

  terminate(): void {
    for (const connection of this.connections) connection.terminate();
  }

  private whyNot(request: IncomingMessage, address: string): string | undefined {
    const { limits } = this.services;
    const { host, origin } = request.headers;
    const path = request.url?.split('?')[0];
    if (path !== SOCKET_PATH) return '404 Not Found';
    if (!isHostAllowed(host, this.names)) return '421 Misdirected Request';
    if (!isOriginAllowed(origin, host, this.names.origins)) return '403 Forbidden';
    if (this.isClosed || this.connections.size >= limits.maxViewers) return '503 Service Unavailable';
    if ((this.counts.get(address) ?? 0) >= limits.maxViewersPerAddress) return '429 Too Many Requests';
    return undefined;
  }
}

/** Hangs up as well: one who keeps his half open would keep a place for ever. */
const refuse = (socket: Duplex, status: string): void => {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};
