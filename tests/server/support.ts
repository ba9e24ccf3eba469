/** Servers on ports of their own, and clients that speak to them through real sockets. */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket, type ClientOptions } from 'ws';
import type { Evaluator } from '../../engine/evaluator.ts';
import type { Limits } from '../../src/server/limits.ts';
import { applyChange, type BoardState } from '../../src/server/protocol/board.ts';
import {
  PROTOCOL_VERSION,
  type ClientRequest,
  type ErrorCode,
  type NewGame,
  type PositionAnalysis,
  type ServerMessage,
} from '../../src/server/protocol/messages.ts';
import type { SearchThread } from '../../src/search/searchThread.ts';
import { openServer, type RunningServer } from '../../src/server/server.ts';
import { scripted } from '../engine/search/support.ts';
import { StandingSearches } from '../../src/search/standingSearches.ts';
import { connectSearches } from '../support/localSearches.ts';

/** Both sides human, 9x9, so that hane does nothing by itself. */
export const PEOPLE: NewGame = {
  size: 9,
  komi: 7.5,
  rules: 'chinese',
  handicap: 0,
  black: 'human',
  white: 'human',
  seconds: 1,
};

/** hane plays White, one evaluation a move. */
export const AGAINST_HANE: NewGame = { ...PEOPLE, white: 9 };

/** hane plays itself. */
export const HANE_ALONE: NewGame = { ...PEOPLE, black: 9, white: 9 };

export interface TestServer extends RunningServer {
  /** Of the websocket. */
  readonly url: string;
  readonly data: string;
  /** What the owner was told. */
  readonly warnings: string[];
}

export interface TestServerOptions {
  readonly evaluator?: Evaluator;
  readonly data?: string;
  readonly token?: string;
  readonly origins?: readonly string[];
  readonly host?: string;
  readonly limits?: Partial<Limits>;
}

const clients: Client[] = [];
const servers: RunningServer[] = [];
const folders: string[] = [];

/** Starts a server whose network is scripted; {@link closeAll} ends it. */
export const startServer = async (options: TestServerOptions = {}): Promise<TestServer> => {
  const { evaluator = scripted(), data = await makeFolder(), limits, ...rest } = options;
  const page = join(await makeFolder(), 'web');
  await mkdir(join(page, 'assets'), { recursive: true });
  await writeFile(join(page, 'index.html'), '<!doctype html><title>hane</title>');
  await writeFile(join(page, 'assets', 'main-abc.js'), 'export {};');
  await writeFile(join(page, '..', 'secret.txt'), 'secret');
  const warnings: string[] = [];
  const server = await openServer({
    searches: standing(evaluator, message => warnings.push(message)),
    port: 0,
    data,
    page,
    version: '0.0.0',
    warn: message => warnings.push(message),
    limits: { paceMs: 0, ...limits },
    ...rest,
  });
  servers.push(server);
  return { ...server, url: `ws://127.0.0.1:${server.port}/socket`, data, warnings };
};

/** Searches whose thread is opened again at once. */
const standing = (evaluator: Evaluator, warn: (message: string) => void): StandingSearches => {
  const open = (): SearchThread => connectSearches(evaluator);
  return new StandingSearches(open(), async () => open(), { firstPauseMs: 1, warn });
};

/** An empty folder that {@link closeAll} removes. */
export const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'hane-server-'));
  folders.push(folder);
  return folder;
};

/** Ends all that this test has started. */
export const closeAll = async (): Promise<void> => {
  for (const client of clients.splice(0)) client.socket.terminate();
  await Promise.all(servers.splice(0).map(server => server.close()));
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
};

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** Waits until something is so. */
export const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await pause(2);
};

type Answer = Extract<ServerMessage, { type: 'done' | 'error' }>;

/** A viewer as a page would be: it keeps the board by the server's messages alone. */
export class Client {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[] = [];
  /** The board that it looks at, as it knows it. */
  state: BoardState | undefined;
  /** Changes whose revision was not the next one. */
  missed = 0;
  closedWith: number | undefined;
  private nextId = 1;
  private readonly listeners = new Set<() => void>();

  constructor(url: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(url, options);
    clients.push(this);
    this.socket.on('error', () => {});
    this.socket.on('message', data => this.receive(JSON.parse((data as Buffer).toString()) as ServerMessage));
    this.socket.on('close', code => {
      this.closedWith = code;
      this.notify();
    });
  }

  /** What it knows of the board. */
  get board(): BoardState {
    if (!this.state) throw new Error('no board has come');
    return this.state;
  }

  get analyses(): PositionAnalysis[] {
    return this.messages.flatMap(message => (message.type === 'analysis' ? [message.analysis] : []));
  }

  /** Waits until something is so, looking at each message. @throws Error if the connection ends before */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.closedWith !== undefined) throw new Error(`closed with ${this.closedWith}`);
      await new Promise<void>(resolve => {
        this.listeners.add(resolve);
      });
    }
  }

  async untilClosed(): Promise<number> {
    while (this.closedWith === undefined)
      await new Promise<void>(resolve => {
        this.listeners.add(resolve);
      });
    return this.closedWith;
  }

  /** Sends a request. @returns its id */
  send(request: ClientRequest): number {
    const id = this.nextId++;
    this.sendRaw(JSON.stringify({ ...request, id }));
    return id;
  }

  sendRaw(data: string | Buffer): void {
    this.socket.send(data);
  }

  /** Sends a request and waits for its answer. */
  async ask(request: ClientRequest): Promise<Answer> {
    const id = this.send(request);
    const answerOf = (): Answer | undefined =>
      this.messages.find(
        (message): message is Answer =>
          (message.type === 'done' || message.type === 'error') && message.id === id,
      );
    await this.until(() => answerOf() !== undefined);
    return answerOf()!;
  }

  /** Asks for what has to be granted. */
  async do(request: ClientRequest): Promise<void> {
    const answer = await this.ask(request);
    if (answer.type === 'error') throw new Error(`${request.type}: ${answer.code}: ${answer.message}`);
  }

  /** Asks for what has to be refused. @returns why */
  async refused(request: ClientRequest): Promise<ErrorCode> {
    const answer = await this.ask(request);
    if (answer.type === 'done') throw new Error(`${request.type} was granted`);
    return answer.code;
  }

  /** Plays at the current node. */
  play(vertex: string): Promise<void> {
    return this.do({ type: 'play', node: this.board.current, vertex });
  }

  /** The vertices from the start to the current node. */
  get line(): string[] {
    const byId = new Map(this.board.nodes.map(node => [node.id, node]));
    const line: string[] = [];
    for (let node = byId.get(this.board.current); node; node = byId.get(node.parent)) line.push(node.vertex);
    return line.toReversed();
  }

  private receive(message: ServerMessage): void {
    this.messages.push(message);
    if (message.type === 'board') this.state = message.state;
    if (message.type === 'change' && message.board === this.state?.board) {
      if (message.revision !== this.state.revision + 1) this.missed++;
      this.state = applyChange(this.state, message.change, message.revision);
    }
    this.notify();
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }
}

/** Connects and says hello. */
export const connect = async (
  { url }: { readonly url: string },
  { token, ...options }: ClientOptions & { readonly token?: string } = {},
): Promise<Client> => {
  const client = new Client(url, options);
  await new Promise<void>((resolve, reject) => {
    client.socket.once('open', resolve);
    client.socket.once('error', reject);
  });
  await client.do({ type: 'hello', protocol: PROTOCOL_VERSION, ...(token === undefined ? {} : { token }) });
  return client;
};

/** Connects, says hello and makes a board. */
export const connectWith = async (server: { readonly url: string }, game: NewGame): Promise<Client> => {
  const client = await connect(server);
  await client.do({ type: 'create', game });
  return client;
};

/** The status that refuses a connection. */
export const refusedWith = (url: string, options: ClientOptions = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options);
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('open', () => {
      socket.terminate();
      reject(new Error('it was let in'));
    });
    socket.on('error', () => {});
  });
