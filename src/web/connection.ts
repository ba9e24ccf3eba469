/**
 * The websocket to the server: says hello, numbers the requests and hands out their answers as promises, and comes back by
 * itself, ever more slowly, when the connection is lost. It knows nothing of boards: whoever uses it opens the board again
 * at each `welcome`.
 */
import {
  PROTOCOL_VERSION,
  type ClientMessage,
  type ClientRequest,
  type ErrorCode,
  type ServerMessage,
} from '../server/protocol/messages.ts';

export type Welcome = Extract<ServerMessage, { type: 'welcome' }>;

/**
 * connecting: for the first time. online: welcomed. offline: lost, and trying again. restarting: the same, and the server
 * said that it would be back. outdated: the server speaks another version; only loading the page anew helps.
 */
export type ConnectionState = 'connecting' | 'online' | 'offline' | 'restarting' | 'outdated';

/** What is used of a WebSocket, so that tests can give another. */
export type Socket = Pick<WebSocket, 'send' | 'close' | 'addEventListener'>;

export interface ConnectionOptions {
  readonly makeSocket: () => Socket;
  /** The right to write, where the server asks for one. Read at each hello. */
  readonly token?: () => string | undefined;
  /** The server did not accept the token; the page looks on without it. */
  readonly onWrongToken?: () => void;
  /** Messages that are no answers, and `welcome`. */
  readonly onMessage: (message: ServerMessage) => void;
  readonly onState: (state: ConnectionState) => void;
  /** From 0 to 1; spreads the pages that come back after a restart. */
  readonly random?: () => number;
}

/** Why a request was not done: what the server said, or 'lost' if there is no connection. */
export class RequestError extends Error {
  readonly code: ErrorCode | 'lost';

  constructor(code: ErrorCode | 'lost', message: string) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
  }
}

/** The first wait before trying again; each further one is twice as long, up to the longest. */
export const FIRST_WAIT_MS = 500;
export const LONGEST_WAIT_MS = 15_000;

/** A server that has not answered for this long is taken for gone: a connection can die without a word. */
export const ANSWER_TIMEOUT_MS = 30_000;

interface Pending {
  readonly resolve: (notice: string | undefined) => void;
  readonly reject: (error: RequestError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class Connection {
  private readonly options: ConnectionOptions;
  private socket: Socket | undefined;
  private isWelcome = false;
  private state: ConnectionState = 'connecting';
  private lastId = 0;
  private attempts = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly pending = new Map<number, Pending>();

  constructor(options: ConnectionOptions) {
    this.options = options;
    this.connect();
  }

  /**
   * Asks for something.
   * @returns what the server says beside having done it, if anything
   * @throws RequestError if it is refused, or the connection is lost before the answer
   */
  request(request: ClientRequest): Promise<string | undefined> {
    return this.isWelcome
      ? this.send(request)
      : Promise.reject(new RequestError('lost', 'there is no connection to the server'));
  }

  /** Tries again now instead of waiting, as when the network of the device has come back. */
  retryNow(): void {
    if (this.retry === undefined) return;
    clearTimeout(this.retry);
    this.connect();
  }

  /** Ends this connection and begins a new one, which says hello with what the token is now. */
  reconnect(): void {
    this.drop(this.socket);
    clearTimeout(this.retry);
    this.attempts = 0;
    this.connect();
  }

  private connect(): void {
    this.retry = undefined;
    const socket = this.options.makeSocket();
    this.socket = socket;
    const isCurrent = (): boolean => this.socket === socket;
    socket.addEventListener('open', () => isCurrent() && this.sayHello(this.options.token?.()));
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (isCurrent() && typeof data === 'string') this.receive(data);
    });
    socket.addEventListener('close', () => isCurrent() && this.lose(socket));
  }

  private sayHello(token: string | undefined): void {
    const hello = { type: 'hello', protocol: PROTOCOL_VERSION } as const;
    this.send(token === undefined ? hello : { ...hello, token }).catch((error: RequestError) => {
      if (error.code === 'version') this.giveUp();
      else if (error.code === 'forbidden' && token !== undefined) {
        this.options.onWrongToken?.();
        this.sayHello(undefined);
      }
    });
  }

  private send(request: ClientRequest): Promise<string | undefined> {
    const id = ++this.lastId;
    const { socket } = this;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.lose(socket), ANSWER_TIMEOUT_MS);
      this.pending.set(id, { resolve, reject, timer });
      socket?.send(JSON.stringify({ ...request, id } satisfies ClientMessage));
    });
  }

  private receive(text: string): void {
    const message = JSON.parse(text) as ServerMessage;
    if (message.type === 'done') this.settle(message.id)?.resolve(message.notice);
    else if (message.type === 'error' && message.id !== undefined)
      this.settle(message.id)?.reject(new RequestError(message.code, message.message));
    else {
      if (message.type === 'welcome') {
        this.isWelcome = true;
        this.attempts = 0;
        this.change('online');
      } else if (message.type === 'goodbye') this.change('restarting');
      this.options.onMessage(message);
    }
  }

  private settle(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    if (pending) clearTimeout(pending.timer);
    this.pending.delete(id);
    return pending;
  }

  private giveUp(): void {
    this.drop(this.socket);
    clearTimeout(this.retry);
    this.change('outdated');
  }

  /** The connection has ended, or is taken for dead. */
  private lose(socket: Socket | undefined): void {
    if (socket !== this.socket || this.state === 'outdated') return;
    this.drop(socket);
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.attempts++);
    const { random = Math.random } = this.options;
    this.retry = setTimeout(() => this.connect(), wait * (0.5 + random() / 2));
    if (this.state !== 'restarting') this.change('offline');
  }

  private drop(socket: Socket | undefined): void {
    this.isWelcome = false;
    this.socket = undefined;
    socket?.close();
    const error = new RequestError('lost', 'the connection to the server was lost');
    for (const id of this.pending.keys()) this.settle(id)?.reject(error);
  }

  private change(state: ConnectionState): void {
    if (state === this.state) return;
    this.state = state;
    this.options.onState(state);
  }
}

/** The websocket beside the page. @param base address of the page */
export const socketUrl = (path: string, base: string): string => {
  const url = new URL(`.${path}`, base);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  url.search = '';
  return url.href;
};
