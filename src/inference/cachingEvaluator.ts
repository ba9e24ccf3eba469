/**
 * An evaluator that remembers its last answers, so that stepping through a game, starting an analysis again and evaluating
 * transpositions cost nothing. Bounded; what was not used for longest goes first.
 */
import type { Batch, Evaluator, Output } from '../../engine/evaluator.ts';
import type { Game } from '../../engine/game.ts';
import { PASS } from '../../engine/types.ts';
import { COUNTS } from '../../features/planes.ts';

/** Answers kept by default: about 4 KiB each. */
export const CACHE_SIZE = 5000;

interface Entry {
  readonly policy: Float32Array;
  readonly expert: Float32Array | undefined;
  readonly value: number | undefined;
  readonly lead: number | undefined;
  readonly ownership: Float32Array | undefined;
}

export class CachingEvaluator implements Evaluator {
  /** Evaluations asked for, and those that were remembered. */
  readonly counts = { asked: 0, remembered: 0 };
  readonly inner: Evaluator;
  private readonly capacity: number;
  private readonly entries = new Map<string, Entry>();

  /** @param capacity answers kept; 0 keeps none */
  constructor(inner: Evaluator, capacity: number = CACHE_SIZE) {
    this.inner = inner;
    this.capacity = capacity;
  }

  get name(): string {
    return this.inner.name;
  }

  get outputs(): readonly Output[] {
    return this.inner.outputs;
  }

  get maxBatch(): number {
    return this.inner.maxBatch;
  }

  get hasEnded(): boolean {
    return this.inner.hasEnded ?? false;
  }

  begin(): Batch {
    return new CachingBatch(this);
  }

  /** Forgets everything. */
  clear(): void {
    this.entries.clear();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  find(key: string): Entry | undefined {
    this.counts.asked++;
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.counts.remembered++;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry;
  }

  keep(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size <= this.capacity) return;
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      break;
    }
  }
}

class CachingBatch implements Batch {
  private readonly owner: CachingEvaluator;
  private inner: Batch | undefined;
  private readonly keys: string[] = [];
  private readonly innerSlots: (number | undefined)[] = [];
  private readonly entries: (Entry | undefined)[] = [];

  constructor(owner: CachingEvaluator) {
    this.owner = owner;
  }

  get size(): number {
    return this.keys.length;
  }

  add(game: Game, symmetry = 0): number {
    const { owner } = this;
    if (this.size === owner.maxBatch)
      throw new RangeError(`batch is full: at most ${owner.maxBatch} positions`);
    const key = makeKey(game, symmetry);
    const entry = owner.find(key);
    this.innerSlots.push(entry ? undefined : (this.inner ??= owner.inner.begin()).add(game, symmetry));
    this.entries.push(entry);
    return this.keys.push(key) - 1;
  }

  async run(): Promise<void> {
    const { inner, owner, innerSlots, entries } = this;
    if (!inner) return;
    await inner.run();
    for (const [slot, innerSlot] of innerSlots.entries()) {
      if (innerSlot === undefined || entries[slot]) continue;
      const entry = {
        policy: inner.policy(innerSlot).slice(),
        expert: inner.expert(innerSlot)?.slice(),
        value: inner.value(innerSlot),
        lead: inner.lead(innerSlot),
        ownership: inner.ownership(innerSlot)?.slice(),
      };
      entries[slot] = entry;
      owner.keep(this.keys[slot], entry);
    }
  }

  policy(slot: number): Float32Array {
    return this.entries[slot]!.policy;
  }

  expert(slot: number): Float32Array | undefined {
    return this.entries[slot]!.expert;
  }

  value(slot: number): number | undefined {
    return this.entries[slot]!.value;
  }

  lead(slot: number): number | undefined {
    return this.entries[slot]!.lead;
  }

  ownership(slot: number): Float32Array | undefined {
    return this.entries[slot]!.ownership;
  }

  release(): void {
    this.inner?.release();
    this.inner = undefined;
    this.keys.length = 0;
    this.innerSlots.length = 0;
    this.entries.length = 0;
  }
}

const mixer = new Uint32Array(2);

const mix = (value: number): void => {
  mixer[0] = Math.imul(mixer[0] ^ value, 0x9e3779b1);
  mixer[0] ^= mixer[0] >>> 15;
  mixer[1] = Math.imul(mixer[1] + value + mixer[0], 0x85ebca6b);
  mixer[1] ^= mixer[1] >>> 13;
};

/**
 * All that an evaluation depends on: the stones, how long ago the last ones were played, who moves, what is legal (ko,
 * superko, suicide), komi, and the symmetry.
 */
const makeKey = (game: Game, symmetry: number): string => {
  const { board, moveCount, toPlay, whiteBonus, width, height } = game;
  mixer[0] = board.hashLow;
  mixer[1] = board.hashHigh;
  mix((width * 32 + height) * 32 + symmetry * 4 + toPlay);
  mix(Math.round(whiteBonus * 100));
  for (let ago = 1; ago < COUNTS && ago <= moveCount; ago++) {
    const { point, color } = game.moveAt(-ago);
    mix(point === PASS ? -ago : point * 4 + color);
  }
  let legal = 0;
  for (let i = 0; i < board.area; i++) {
    legal = (legal << 1) | (game.isLegal(board.points[i]) ? 1 : 0);
    if (i % 31 === 30) {
      mix(legal);
      legal = 0;
    }
  }
  mix(legal);
  return `${board.hashLow},${board.hashHigh},${mixer[0]},${mixer[1]}`;
};
