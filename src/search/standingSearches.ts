/**
 * Searches that stand up again: when their thread ends by itself, another one is opened, soon at first and less and less often where
 * that fails or does not last. Whoever has searches in a thread that is gone has to begin new ones in {@link StandingSearches.current}.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Output } from '../../engine/evaluator.ts';
import type { SearchThread } from './searchThread.ts';

/** Before the first attempt; each further one waits twice as long. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** A thread that has lived so long has stood up well: the next attempt is a first one. */
const LASTING_MS = 60_000;

export interface StandingOptions {
  /** Told what happens, in words for who runs the program. */
  readonly warn?: (message: string) => void;
  readonly firstPauseMs?: number;
}

export class StandingSearches {
  private thread: SearchThread;
  private readonly open: () => Promise<SearchThread>;
  private readonly warn: (message: string) => void;
  private readonly firstPauseMs: number;
  private readonly listeners = new Set<() => void>();
  private readonly closing = new AbortController();
  private pauseMs: number;
  private openedAtMs = performance.now();
  private reopening: Promise<boolean> | undefined;

  /** @param open opens another thread; called again where it fails */
  constructor(
    first: SearchThread,
    open: () => Promise<SearchThread>,
    { warn = () => {}, firstPauseMs = FIRST_PAUSE_MS }: StandingOptions = {},
  ) {
    this.thread = first;
    this.open = open;
    this.warn = warn;
    this.firstPauseMs = firstPauseMs;
    this.pauseMs = firstPauseMs;
    void this.watch(first);
  }

  /** The thread to ask; while none is open the last one, which refuses everything. */
  get current(): SearchThread {
    return this.thread;
  }

  /** Name of the network. */
  get name(): string {
    return this.thread.name;
  }

  get outputs(): readonly Output[] {
    return this.thread.outputs;
  }

  /** Has something done whenever another thread is there. @returns undoes it */
  onReopened(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Ends the thread, and opens no other. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.reopening;
    await this.thread.close();
  }

  private async watch(thread: SearchThread): Promise<void> {
    const reason = await thread.ended;
    if (this.closing.signal.aborted) return;
    this.warn(`${reason.message}: opening another`);
    const reopening = this.reopen();
    this.reopening = reopening;
    const isOpen = await reopening;
    this.reopening = undefined;
    if (!isOpen) return;
    void this.watch(this.thread);
    for (const listener of this.listeners) listener();
  }

  /** @returns false if it was closed meanwhile */
  private async reopen(): Promise<boolean> {
    const { signal } = this.closing;
    if (performance.now() - this.openedAtMs >= LASTING_MS) this.pauseMs = this.firstPauseMs;
    while (!signal.aborted) {
      await pause(this.pauseMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) break;
      this.pauseMs = Math.min(2 * this.pauseMs, LONGEST_PAUSE_MS);
      try {
        this.thread = await this.open();
        break;
      } catch (error) {
        const seconds = Math.round(this.pauseMs / 1000);
        this.warn(`${error instanceof Error ? error.message : String(error)}: once more in ${seconds} s`);
      }
    }
    if (signal.aborted) return false;
    this.openedAtMs = performance.now();
    this.warn('the network is open again');
    return true;
  }
}
