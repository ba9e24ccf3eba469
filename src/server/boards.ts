/** All boards: those that somebody looks at in memory, the others on disk until somebody opens them. */
import { BoardRoom } from './boardRoom.ts';
import { newId } from './ids.ts';
import type { Limits } from './limits.ts';
import { makeBoard } from './newGame.ts';
import type { NewGame } from './protocol/messages.ts';
import { RequestError } from './requestError.ts';
import type { SavedBoard } from './savedBoard.ts';
import type { Store } from './store.ts';
import type { Network } from './thinker.ts';
import { TokenBuckets } from './tokenBucket.ts';

/** How often boards that nobody looks at are looked for, and how long until they give their trees back. */
const SWEEP_EVERY_MS = 15_000;

export interface BoardsOptions {
  readonly network: Network;
  readonly store: Store;
  readonly limits: Limits;
  readonly warn: (message: string) => void;
}

export class Boards {
  private readonly options: BoardsOptions;
  /** When each board was last used, in milliseconds since 1970, the one not used for longest first. */
  private readonly used = new Map<string, number>();
  private readonly rooms = new Map<string, BoardRoom>();
  private readonly opening = new Map<string, Promise<BoardRoom | undefined>>();
  /** By address. */
  private readonly makers: TokenBuckets;
  private sweeping: NodeJS.Timeout | undefined;
  private forgetSearches: () => void = () => {};

  constructor(options: BoardsOptions) {
    this.options = options;
    const { boardsAtOnce, boardEveryMs } = options.limits;
    this.makers = new TokenBuckets(boardsAtOnce, 1000 / boardEveryMs);
  }

  /** Looks what boards there are. @throws Error if their folder cannot be used, or another server uses it */
  async start(): Promise<void> {
    const found = [...(await this.options.store.open())];
    for (const [id, usedMs] of found.toSorted(([, a], [, b]) => a - b)) this.used.set(id, usedMs);
    const every = Math.min(SWEEP_EVERY_MS, this.options.limits.forgetAfterMs);
    this.sweeping = setInterval(() => void this.sweep(), every).unref();
    this.forgetSearches = this.options.network.searches.onReopened(() => {
      for (const room of this.rooms.values()) room.wake();
    });
  }

  /** Boards there are, in memory or not. */
  get count(): number {
    return this.used.size;
  }

  /**
   * Makes a board.
   * @param address of whoever wants it
   * @throws RequestError `tooFast` if that address has made too many, `full` if all boards are in use, `invalid`
   */
  create(game: NewGame, address: string): BoardRoom {
    const { limits, store } = this.options;
    const state = makeBoard(newId(), game);
    if (!this.makers.take(address))
      throw new RequestError(
        'tooFast',
        `one address makes at most ${limits.boardsAtOnce} boards at once, and then one every ${limits.boardEveryMs / 1000} seconds`,
      );
    while (this.used.size >= limits.maxBoards) this.giveWay();
    const board = { state, nextNode: 1 };
    store.save(board, false);
    return this.addRoom(board);
  }

  /** The board of that name. @throws RequestError `notFound`, `internal` if its file cannot be read now */
  async open(id: string): Promise<BoardRoom> {
    const room = this.rooms.get(id) ?? (this.used.has(id) ? await this.load(id) : undefined);
    if (!room) throw new RequestError('notFound', 'there is no such board, or no longer');
    this.touch(id);
    room.touch();
    return room;
  }

  /** Saves everything. */
  save(): Promise<void> {
    return this.options.store.flush();
  }

  /** Saves everything and gives the folder back. */
  async close(): Promise<void> {
    clearInterval(this.sweeping);
    this.forgetSearches();
    await this.options.store.close();
  }

  /** Boards that nobody looks at give their trees back, and later their memory. */
  private async sweep(): Promise<void> {
    const { limits, network, store, warn } = this.options;
    this.makers.sweep();
    for (const [id, room] of this.rooms) {
      if (room.unseenMs === 0) continue;
      network.turnstile.forget(id);
      await room.rest().catch((error: Error) => warn(`board ${id}: ${error.message}`));
      await store.finish(id);
      if (room.unseenMs >= limits.forgetAfterMs) this.rooms.delete(id);
    }
  }

  /** One load at a time for each board: two rooms of one board would part. */
  private load(id: string): Promise<BoardRoom | undefined> {
    let loading = this.opening.get(id);
    if (!loading) {
      loading = this.options.store
        .read(id)
        .then(board => {
          if (board) return this.addRoom(board);
          this.used.delete(id);
          return undefined;
        })
        .finally(() => this.opening.delete(id));
      this.opening.set(id, loading);
    }
    return loading;
  }

  private addRoom(board: SavedBoard): BoardRoom {
    const { network, store, limits, warn } = this.options;
    const { board: id } = board.state;
    const room = new BoardRoom(board, {
      network,
      paceMs: limits.paceMs,
      save: (saved, isMinor) => {
        // hane may still have thought about a board that has given way: its file stays away.
        if (this.used.has(id)) store.save(saved, isMinor);
      },
      warn,
    });
    this.rooms.set(id, room);
    this.touch(id);
    return room;
  }

  private touch(id: string): void {
    this.used.delete(id);
    this.used.set(id, Date.now());
  }

  /** Takes away the board that was not used for longest, of those that nobody looks at. @throws RequestError `full` */
  private giveWay(): void {
    for (const id of this.used.keys()) {
      const room = this.rooms.get(id);
      if (room?.unseenMs === 0 || this.opening.has(id)) continue;
      this.used.delete(id);
      this.rooms.delete(id);
      const { store, warn } = this.options;
      room?.rest().catch(() => {});
      store.remove(id).catch((error: Error) => warn(`board ${id}: ${error.message}`));
      return;
    }
    throw new RequestError('full', `all ${this.options.limits.maxBoards} boards are in use: try again later`);
  }
}
