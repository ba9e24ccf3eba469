/**
 * What is on its way to one viewer, bounded: one that is slow gets fewer messages, never old ones, and never slows another.
 * Of analyses only the newest waits; one who is too far behind gets no changes any more, and the whole board once it has caught up.
 */
import { ANALYSIS_BEHIND_BYTES } from './limits.ts';

/** What an outbox needs of a socket; a `WebSocket` of ws has it. */
export interface Sink {
  /** Bytes that the network has not taken. */
  readonly bufferedAmount: number;
  /** @param taken called when the network has taken the frame */
  send(frame: Buffer, options: { readonly binary: false }, taken: () => void): void;
}

export interface OutboxOptions {
  /** Bytes not taken beyond which changes are left out. */
  readonly behindBytes: number;
  /** The whole board and what is known of its position, for one who has caught up. */
  readonly catchUp: () => readonly Buffer[];
}

export class Outbox {
  private readonly sink: Sink;
  private readonly options: OutboxOptions;
  private analysis: Buffer | undefined;
  /** Since when it {@link isFull}, or has not caught up yet, on performance.now's clock. */
  private fullSinceMs: number | undefined;
  /** Whether changes have been left out. */
  private isBehind = false;

  constructor(sink: Sink, options: OutboxOptions) {
    this.sink = sink;
    this.options = options;
  }

  /** How long too much has waited; 0 if it does not. */
  get fullMs(): number {
    return this.fullSinceMs === undefined ? 0 : performance.now() - this.fullSinceMs;
  }

  /** Whether so much has not been taken that nothing more should be asked for. */
  get isFull(): boolean {
    return this.sink.bufferedAmount > this.options.behindBytes;
  }

  /** Sends what answers a request: there are no more of these than requests. */
  send(frame: Buffer): void {
    this.sink.send(frame, { binary: false }, () => this.catchUp());
    if (this.isFull) this.fullSinceMs ??= performance.now();
  }

  sendBoard(frame: Buffer): void {
    this.analysis = undefined;
    // What was left out before is in it.
    this.isBehind = false;
    if (this.isFull) this.fallBehind();
    else this.send(frame);
  }

  sendChange(frame: Buffer): void {
    if (this.isBehind) return;
    if (this.isFull) this.fallBehind();
    else this.send(frame);
  }

  sendAnalysis(frame: Buffer): void {
    if (this.isBehind) return;
    if (this.sink.bufferedAmount > ANALYSIS_BEHIND_BYTES) this.analysis = frame;
    else {
      this.analysis = undefined;
      this.send(frame);
    }
  }

  private fallBehind(): void {
    this.isBehind = true;
    this.analysis = undefined;
  }

  private catchUp(): void {
    if (this.sink.bufferedAmount > ANALYSIS_BEHIND_BYTES) return;
    this.fullSinceMs = undefined;
    if (this.isBehind) {
      this.isBehind = false;
      for (const frame of this.options.catchUp()) this.send(frame);
    }
    const { analysis } = this;
    this.analysis = undefined;
    if (analysis) this.send(analysis);
  }
}
