/**
 * Who may use the network next. A few pieces of work run at a time, never two of one board: what is most urgent first, then the
 * board that was served longest ago. Moves never take all places, so that where hane thinks long on some boards, the others
 * still see their analysis; and a single look at a position, which people wait for and which is over at once, has places of its own.
 */

export const URGENCIES = ['look', 'move', 'analysis', 'background'] as const;
/** The most urgent first. */
export type Urgency = (typeof URGENCIES)[number];

/** Looks at a time: as many as half a batch. */
const LOOKS = 8;
/** Moves thought about at a time. */
const MOVES = 3;
/** Moves and analyses at a time: more would fill the network's batches no better, and each would take longer. */
const SEARCHES = 4;

interface Waiting {
  readonly urgency: Urgency;
  readonly board: string;
  readonly start: () => void;
}

export class Turnstile {
  /** In the order in which they came. */
  private readonly waiting: Waiting[] = [];
  private readonly running: Record<Urgency, number> = { look: 0, move: 0, analysis: 0, background: 0 };
  private readonly busy = new Set<string>();
  /** When each board was last served, on a clock of pieces of work. */
  private readonly served = new Map<string, number>();
  private clock = 0;

  /**
   * Does a piece of work when it is its turn.
   * @param board whose work it is; any name that stands for who wants it
   * @param signal gives its place in the queue up; work that has begun has to hear it by itself
   * @returns what the work returns; undefined if it was given up before it began
   * @throws whatever the work throws
   */
  async pass<T>(
    urgency: Urgency,
    board: string,
    work: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    if (!(await this.enter(urgency, board, signal))) return undefined;
    try {
      return await work();
    } finally {
      this.running[urgency]--;
      this.busy.delete(board);
      this.startMore();
    }
  }

  /** Forgets when a board was served. */
  forget(board: string): void {
    this.served.delete(board);
  }

  /** @returns false if it was given up */
  private enter(urgency: Urgency, board: string, signal: AbortSignal | undefined): Promise<boolean> {
    if (signal?.aborted) return Promise.resolve(false);
    return new Promise(resolve => {
      const giveUp = (): void => {
        this.waiting.splice(this.waiting.indexOf(waiting), 1);
        resolve(false);
      };
      const start = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve(true);
      };
      const waiting: Waiting = { urgency, board, start };
      this.waiting.push(waiting);
      signal?.addEventListener('abort', giveUp, { once: true });
      this.startMore();
    });
  }

  private startMore(): void {
    for (let next = this.next(); next; next = this.next()) {
      this.waiting.splice(this.waiting.indexOf(next), 1);
      this.running[next.urgency]++;
      this.busy.add(next.board);
      this.served.set(next.board, this.clock++);
      next.start();
    }
  }

  private next(): Waiting | undefined {
    let best: Waiting | undefined;
    for (const waiting of this.waiting) {
      if (
        !this.busy.has(waiting.board) &&
        this.hasPlace(waiting.urgency) &&
        (!best || this.isBefore(waiting, best))
      )
        best = waiting;
    }
    return best;
  }

  private hasPlace(urgency: Urgency): boolean {
    const { look, move, analysis, background } = this.running;
    if (urgency === 'look') return look < LOOKS;
    if (urgency === 'move') return move < MOVES;
    if (urgency === 'analysis') return move + analysis < SEARCHES;
    return look + move + analysis + background === 0;
  }

  private isBefore(a: Waiting, b: Waiting): boolean {
    if (a.urgency !== b.urgency) return URGENCIES.indexOf(a.urgency) < URGENCIES.indexOf(b.urgency);
    return (this.served.get(a.board) ?? -1) < (this.served.get(b.board) ?? -1);
  }
}
