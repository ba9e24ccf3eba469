/**
 * One connection: reads messages, checks them, has them done in order, and answers each. Who floods, falls silent or does not
 * say hello is sent away. Start reading at {@link Connection.receive}.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import type { BoardRoom } from './boardRoom.ts';
import { makeFrame } from './frame.ts';
import {
  BYTES_A_MESSAGE,
  MOST_REFUSED,
  MOST_WAITING_BYTES,
  MOST_WRONG_TOKENS,
  messagesOfAddress,
  type Limits,
} from './limits.ts';
import { Outbox } from './outbox.ts';
import { PROTOCOL_VERSION, type ClientMessage, type ServerMessage } from './protocol/messages.ts';
import { RequestError } from './requestError.ts';
import { costOf, handleRequest, leave, type Desk, type Requester } from './requests.ts';
import { parseMessage, readId } from './schema.ts';
import { TokenBucket, type TokenBuckets } from './tokenBucket.ts';

/** Codes of RFC 6455, section 7.4.1, and of IANA's registry: against the rules; come back later. */
const POLICY = 1008;
const TRY_LATER = 1013;

/** How long one who is sent away has to hang up. */
const HANG_UP_MS = 1000;

/** Bytes of a message that is looked into although it came too fast. */
const SHORT = 1024;

/** Bytes of memory that a message takes while it waits, beside its own. */
const WAITING_BYTES = 1024;

/** How often it is looked whether one that is behind may be read on. */
const LOOK_AGAIN_MS = 100;

/** What all connections share. */
export interface Services extends Desk {
  readonly limits: Limits;
  /** What each address may still send. */
  readonly allowances: TokenBuckets;
  /** Needed to change boards; everybody may if there is none. */
  readonly token: string | undefined;
  /** Of hane. */
  readonly version: string;
  /** Of the network. */
  readonly network: { readonly name: string; readonly outputs: readonly string[] };
  readonly warn: (message: string) => void;
}

export class Connection implements Requester {
  readonly name: string;
  readonly address: string;
  room: BoardRoom | undefined;
  looking: AbortController | undefined;
  private readonly socket: WebSocket;
  private readonly services: Services;
  private readonly outbox: Outbox;
  private readonly bucket: TokenBucket;
  private readonly hello: NodeJS.Timeout;
  private isWelcome = false;
  private canWrite_ = false;
  private isAlive = true;
  private refused = 0;
  /** Whether nothing that it sends is heard any more: it is sent away. */
  private isDeaf = false;
  private wrongTokens = 0;
  /** What has been asked before is done first. */
  private last: Promise<void> = Promise.resolve();
  /** What of it waits, in bytes. */
  private waitingBytes = 0;

  /** @param name of its own; @param onEnd called once it is gone */
  constructor(
    socket: WebSocket,
    { name, address, onEnd }: { readonly name: string; readonly address: string; readonly onEnd: () => void },
    services: Services,
  ) {
    this.socket = socket;
    this.name = name;
    this.address = address;
    this.services = services;
    const { limits } = services;
    this.bucket = new TokenBucket(limits.messagesAtOnce, limits.messagesPerSecond);
    this.outbox = new Outbox(socket, {
      behindBytes: limits.behindBytes,
      catchUp: () =>
        [this.room?.boardFrame(), this.room?.analysisFrame()].filter(frame => frame !== undefined),
    });
    this.hello = setTimeout(() => this.close(POLICY, 'no hello'), limits.helloWithinMs);
    socket.on('message', (data, isBinary) => this.receive(data, isBinary));
    socket.on('ping', () => this.countControl());
    socket.on('pong', () => {
      // One that nobody waits for is as good as a message.
      if (this.isAlive) this.countControl();
      this.isAlive = true;
    });
    // What ws finds wrong with a frame it answers by itself, and closes.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(this.hello);
      leave(this);
      onEnd();
    });
  }

  get canWrite(): boolean {
    return this.canWrite_;
  }

  send(frame: Buffer): void {
    this.outbox.send(frame);
  }

  sendBoard(frame: Buffer): void {
    this.outbox.sendBoard(frame);
  }

  sendChange(frame: Buffer): void {
    this.outbox.sendChange(frame);
  }

  sendAnalysis(frame: Buffer): void {
    this.outbox.sendAnalysis(frame);
  }

  /** To be called every {@link Limits.pingEveryMs}: finds those that are gone without a word, and those too far behind. */
  check(): void {
    if (this.outbox.fullMs > this.services.limits.behindForMs) return this.close(TRY_LATER, 'too slow');
    // One who is not read now cannot answer a ping.
    if (this.socket.isPaused) return;
    if (!this.isAlive) return this.socket.terminate();
    this.isAlive = false;
    this.socket.ping();
  }

  /** Says goodbye and hangs up. */
  close(code: number, reason: string): void {
    this.socket.close(code, reason);
    setTimeout(() => this.socket.terminate(), HANG_UP_MS).unref();
  }

  terminate(): void {
    this.socket.terminate();
  }

  private receive(data: RawData, isBinary: boolean): void {
    if (this.isDeaf) return;
    this.isAlive = true;
    const bytes = data as Buffer;
    let work: () => Promise<void>;
    try {
      const message = this.read(bytes, isBinary);
      work = () => this.handle(message);
    } catch (error) {
      work = async () => {
        if (this.isOpen) this.answerError(error);
      };
    }
    const size = bytes.length + WAITING_BYTES;
    this.waitingBytes += size;
    this.last = this.last.then(work).finally(() => {
      this.waitingBytes -= size;
    });
    if (this.isBehind) this.holdOn();
  }

  private get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Whether it is to be read no more for now: it does not read its answers, or asks faster than it is served. */
  private get isBehind(): boolean {
    return this.outbox.isFull || this.waitingBytes > MOST_WAITING_BYTES;
  }

  /** @throws Refusal `tooFast`, `malformed` */
  private read(bytes: Buffer, isBinary: boolean): ClientMessage {
    const tooMuch = this.whyTooFast(1 + Math.floor(bytes.length / BYTES_A_MESSAGE));
    if (tooMuch) throw this.tooFast(tooMuch, bytes.length <= SHORT ? idIn(bytes) : undefined);
    if (isBinary) throw new Refusal(new RequestError('malformed', 'a binary message: only JSON as text'));
    const value = parseJson(bytes);
    const id = readId(value);
    try {
      const message = parseMessage(value);
      const cost = costOf(this, message);
      const tooDear = cost > 1 ? this.whyTooFast(cost - 1) : undefined;
      if (tooDear) throw this.tooFast(tooDear, id);
      return message;
    } catch (error) {
      throw error instanceof RequestError ? new Refusal(error, id) : error;
    }
  }

  /** Takes the tokens of messages. @returns which rate they are beyond; undefined for none */
  private whyTooFast(messages: number): string | undefined {
    const { limits, allowances } = this.services;
    if (!this.bucket.take(messages)) return `at most ${limits.messagesPerSecond} messages a second`;
    if (allowances.take(this.address, messages)) return undefined;
    return `at most ${messagesOfAddress(limits).perSecond} messages a second from one address`;
  }

  private tooFast(rate: string, id: number | undefined): Refusal {
    this.countRefusal();
    return new Refusal(new RequestError('tooFast', `${rate} in the long run`), id);
  }

  /** Pings and pongs are messages, too, but for the answers to ours. */
  private countControl(): void {
    if (!this.isDeaf && this.whyTooFast(1)) this.countRefusal();
  }

  private countRefusal(): void {
    if (++this.refused < MOST_REFUSED || this.isDeaf) return;
    // A flood would go on until it has hung up.
    this.isDeaf = true;
    this.socket.pause();
    // After the answers to what it asked before.
    this.last = this.last.then(() => this.close(POLICY, 'too fast'));
  }

  private async handle(message: ClientMessage): Promise<void> {
    if (!this.isOpen) return;
    const { id } = message;
    try {
      let notice: string | undefined;
      if (message.type === 'hello') this.welcome(message);
      else if (!this.isWelcome) throw new RequestError('forbidden', 'say hello first');
      else notice = await handleRequest(this, message, this.services);
      this.say({ type: 'done', id, ...(notice === undefined ? {} : { notice }) });
    } catch (error) {
      this.answerError(error instanceof RequestError ? new Refusal(error, id) : error, id);
    }
    // It may have gone while it was let in.
    if (!this.isOpen) leave(this);
  }

  /** @throws RequestError `version`, `forbidden` */
  private welcome({ protocol, token }: Extract<ClientMessage, { type: 'hello' }>): void {
    const { services } = this;
    if (protocol !== PROTOCOL_VERSION)
      throw new RequestError('version', `protocol ${protocol}: this server speaks ${PROTOCOL_VERSION}`);
    if (token !== undefined && services.token !== undefined && !isSame(token, services.token)) {
      if (++this.wrongTokens >= MOST_WRONG_TOKENS) this.close(POLICY, 'wrong token');
      throw new RequestError('forbidden', 'the token is wrong');
    }
    clearTimeout(this.hello);
    this.isWelcome = true;
    this.canWrite_ = services.token === undefined || token !== undefined;
    this.say({
      type: 'welcome',
      protocol: PROTOCOL_VERSION,
      version: services.version,
      network: services.network.name,
      outputs: services.network.outputs,
      canWrite: this.canWrite_,
    });
  }

  private answerError(error: unknown, id?: number): void {
    if (error instanceof Refusal) {
      const { code, message } = error.reason;
      this.say({ type: 'error', ...(error.id === undefined ? {} : { id: error.id }), code, message });
      return;
    }
    this.services.warn(`a request failed: ${error instanceof Error ? error.stack : String(error)}`);
    const known = id === undefined ? {} : { id };
    this.say({ type: 'error', ...known, code: 'internal', message: 'that is a mistake of the server' });
  }

  private say(message: ServerMessage): void {
    this.send(makeFrame(message));
  }

  /** Reads no more as long as it {@link isBehind}. */
  private holdOn(): void {
    if (this.socket.isPaused) return;
    this.socket.pause();
    const timer = setInterval(() => {
      if (this.isBehind && this.isOpen) return;
      clearInterval(timer);
      if (!this.isDeaf) this.socket.resume();
    }, LOOK_AGAIN_MS);
  }
}

/** A request that is refused, and its id as far as it can be read. */
class Refusal extends Error {
  readonly reason: RequestError;
  readonly id: number | undefined;

  constructor(reason: RequestError, id?: number) {
    super(reason.message, { cause: reason });
    this.reason = reason;
    this.id = id;
  }
}

/** @throws Refusal `malformed` */
const parseJson = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new Refusal(new RequestError('malformed', `not JSON: ${(error as Error).message}`));
  }
};

const idIn = (bytes: Buffer): number | undefined => {
  try {
    return readId(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
};

/** Takes the same time wherever they differ. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
