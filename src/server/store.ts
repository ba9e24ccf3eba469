/** Boards on disk: one JSON file each, written whole or not at all. */
import { mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFolder } from '../lockFolder.ts';
import { writeFileAtomic } from '../writeFileAtomic.ts';
import { ID } from './ids.ts';
import { RequestError } from './requestError.ts';
import { makeSavedBoard, parseSavedBoard, type SavedBoard } from './savedBoard.ts';

/** What can be found out again is written at most so often. */
const MINOR_AFTER_MS = 3000;

/** When a board that could not be written is tried again: the disk was full, perhaps. */
const AGAIN_AFTER_MS = 10_000;

/** What {@link writeFileAtomic} leaves behind when it is killed. */
const DRAFT = /^\..{22}\.json\.\d+\.tmp$/;

/** A board that is to be written. */
interface Pending {
  board: SavedBoard;
  timer: NodeJS.Timeout | undefined;
  /** Of the write under way. */
  writing: Promise<void> | undefined;
  /** Whether it has changed since the write under way began. */
  isDirty: boolean;
  /** Whether the last write failed. */
  hasFailed: boolean;
}

export class Store {
  private readonly folder: string;
  private readonly warn: (message: string) => void;
  private readonly againAfterMs: number;
  private readonly pending = new Map<string, Pending>();
  private unlock: (() => Promise<void>) | undefined;

  /**
   * @param folder of the boards; made if there is none
   * @param warn told of files that could not be written or were damaged
   * @param againAfterMs until what could not be written is tried again
   */
  constructor(folder: string, warn: (message: string) => void, againAfterMs: number = AGAIN_AFTER_MS) {
    this.folder = folder;
    this.warn = warn;
    this.againAfterMs = againAfterMs;
  }

  /**
   * Takes the folder for this process and looks what boards there are.
   * @returns when each was last written, in milliseconds since 1970
   * @throws Error if the folder cannot be made or read, or another server has it
   */
  async open(): Promise<Map<string, number>> {
    const { folder } = this;
    await mkdir(folder, { recursive: true });
    this.unlock = await lockFolder(folder, owner => {
      const who = owner === undefined ? 'another server' : `the server of process ${owner}`;
      return new Error(
        `${who} keeps its boards in ${folder}: use that one, or take another --data (if there is none, remove ${join(folder, 'lock')})`,
      );
    });
    const boards = new Map<string, number>();
    for (const name of await readdir(this.folder)) {
      const id = name.slice(0, -'.json'.length);
      if (DRAFT.test(name)) await rm(join(this.folder, name), { force: true });
      if (name.endsWith('.json') && ID.test(id))
        boards.set(id, (await stat(join(this.folder, name))).mtimeMs);
    }
    return boards;
  }

  /**
   * @returns undefined if there is none; one that is damaged is moved aside
   * @throws RequestError `internal` if it is there and cannot be read now
   */
  async read(id: string): Promise<SavedBoard | undefined> {
    // What waits to be written is newer.
    const pending = this.pending.get(id);
    if (pending) return pending.board;
    const path = this.pathOf(id);
    const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      this.warn(`cannot read ${path}: ${error.message}`);
      throw new RequestError('internal', 'the board cannot be read now: try again later', { cause: error });
    });
    if (content === undefined) return undefined;
    try {
      const board = parseSavedBoard(content);
      if (board.state.board !== id) throw new Error(`it is the board ${board.state.board}`);
      return board;
    } catch (error) {
      const aside = `${path}.damaged`;
      await rename(path, aside).catch(() => {});
      this.warn(`${path} is damaged and was moved to ${aside}: ${(error as Error).message}`);
      return undefined;
    }
  }

  /** Has a board written, at once or, if the change is minor, soon. What changes while it is written is written once more. */
  save(board: SavedBoard, isMinor: boolean): void {
    const id = board.state.board;
    let pending = this.pending.get(id);
    if (!pending)
      this.pending.set(
        id,
        (pending = { board, timer: undefined, writing: undefined, isDirty: true, hasFailed: false }),
      );
    pending.board = board;
    pending.isDirty = true;
    if (!isMinor) this.write(id, pending);
    else this.writeAfter(MINOR_AFTER_MS, id, pending);
  }

  /** Takes a board away. */
  async remove(id: string): Promise<void> {
    const pending = this.pending.get(id);
    if (pending) {
      clearTimeout(pending.timer);
      this.pending.delete(id);
      await pending.writing;
    }
    await rm(this.pathOf(id), { force: true });
  }

  /** Writes what waits, and gives the folder back. */
  async close(): Promise<void> {
    await this.flush();
    for (const { timer } of this.pending.values()) clearTimeout(timer);
    if (this.pending.size > 0) this.warn(`boards whose last changes are lost: ${this.pending.size}`);
    this.pending.clear();
    await this.unlock?.();
  }

  /** Writes what waits, and resolves when everything is written, or cannot be. */
  async flush(): Promise<void> {
    await Promise.all(Array.from(this.pending.keys(), id => this.finish(id)));
  }

  /** The same for one board. */
  async finish(id: string): Promise<void> {
    const pending = this.pending.get(id);
    if (!pending) return;
    this.write(id, pending);
    while (pending.writing) await pending.writing;
  }

  private writeAfter(ms: number, id: string, pending: Pending): void {
    pending.timer ??= setTimeout(() => this.write(id, pending), ms);
  }

  private write(id: string, pending: Pending): void {
    clearTimeout(pending.timer);
    pending.timer = undefined;
    if (pending.writing || !pending.isDirty) return;
    pending.writing = this.writeNow(id, pending);
  }

  private async writeNow(id: string, pending: Pending): Promise<void> {
    pending.isDirty = false;
    try {
      await writeFileAtomic(this.pathOf(id), makeSavedBoard(pending.board));
      pending.hasFailed = false;
    } catch (error) {
      if (!pending.hasFailed) this.warn(`cannot write ${this.pathOf(id)}: ${(error as Error).message}`);
      pending.hasFailed = true;
      pending.isDirty = true;
    }
    pending.writing = undefined;
    // It was taken away meanwhile.
    if (this.pending.get(id) !== pending) return;
    if (!pending.isDirty) this.pending.delete(id);
    else if (pending.hasFailed) this.writeAfter(this.againAfterMs, id, pending);
    else if (pending.timer === undefined) this.write(id, pending);
  }

  private pathOf(id: string): string {
    return join(this.folder, `${id}.json`);
  }
}
