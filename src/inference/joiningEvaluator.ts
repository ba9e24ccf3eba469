/**
 * An evaluator that puts the small batches of several searches together. While the network is busy, what they add is gathered;
 * as soon as it has room, everything gathered leaves at once. With one search alone it changes nothing.
 */
import type { Dimensions } from '../../engine/coords.ts';
import type { Batch, Evaluator, Output } from '../../engine/evaluator.ts';
import type { Game } from '../../engine/game.ts';

/** Batches under evaluation at once: with two the network never waits for the next one. */
const MOST_IN_FLIGHT = 2;

export class JoiningEvaluator implements Evaluator {
  /** Positions evaluated, and the batches they went in. */
  readonly counts = { positions: 0, batches: 0 };
  private readonly inner: Evaluator;
  /** Not yet under evaluation, the oldest first; one of them for each board size takes more. */
  private readonly gathered: JoinedBatch[] = [];
  private inFlight = 0;

  constructor(inner: Evaluator) {
    this.inner = inner;
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
    return new Share(this);
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  /** The batch that takes positions of this board size. */
  batchFor({ width, height }: Dimensions): JoinedBatch {
    const open = this.gathered.find(
      batch => batch.width === width && batch.height === height && batch.inner.size < this.maxBatch,
    );
    if (open) return open;
    const batch = new JoinedBatch(this.inner.begin(), width, height);
    this.gathered.push(batch);
    return batch;
  }

  /** Gathers no more in a batch that was given back. */
  forget(batch: JoinedBatch): void {
    const index = this.gathered.indexOf(batch);
    if (index >= 0) this.gathered.splice(index, 1);
  }

  /** Sends off what somebody waits for, the oldest first, as far as there is room. */
  depart(): void {
    while (this.inFlight < MOST_IN_FLIGHT) {
      const index = this.gathered.findIndex(batch => batch.isWanted);
      if (index < 0) return;
      const [batch] = this.gathered.splice(index, 1);
      this.inFlight++;
      this.counts.batches++;
      this.counts.positions += batch.inner.size;
      void batch.run().finally(() => {
        this.inFlight--;
        this.depart();
      });
    }
  }
}

/** A batch of the inner evaluator and who has a part in it. */
class JoinedBatch implements Dimensions {
  readonly inner: Batch;
  readonly width: number;
  readonly height: number;
  /** Whether somebody waits for it. */
  isWanted = false;
  /** Settles with the evaluation, never before {@link run}. */
  readonly done: Promise<void>;
  private shares = 0;
  private settle: (work: Promise<void>) => void = () => {};

  constructor(inner: Batch, width: number, height: number) {
    this.inner = inner;
    this.width = width;
    this.height = height;
    this.done = new Promise(resolve => (this.settle = resolve));
    // Who waits for it gets the failure; if nobody does, nobody misses it.
    this.done.catch(() => {});
  }

  /** Never rejects; {@link done} does. */
  async run(): Promise<void> {
    const work = this.inner.run();
    this.settle(work);
    await work.catch(() => {});
  }

  join(): void {
    this.shares++;
  }

  /** Gives the batch back when nobody has a part in it any more. @returns whether that is so */
  leave(): boolean {
    if (--this.shares > 0) return false;
    this.inner.release();
    return true;
  }
}

/** What one user sees: the slots it has in joined batches. */
class Share implements Batch {
  private readonly owner: JoiningEvaluator;
  private readonly batches: JoinedBatch[] = [];
  private readonly places: { readonly batch: JoinedBatch; readonly slot: number }[] = [];

  constructor(owner: JoiningEvaluator) {
    this.owner = owner;
  }

  get size(): number {
    return this.places.length;
  }

  add(game: Game, symmetry?: number): number {
    const { maxBatch } = this.owner;
    if (this.size === maxBatch) throw new RangeError(`batch is full: at most ${maxBatch} positions`);
    const first = this.batches[0];
    if (first && (first.width !== game.width || first.height !== game.height))
      throw new RangeError(
        `a ${game.width}x${game.height} position in a batch of ${first.width}x${first.height}: a batch holds one board size`,
      );
    const batch = this.owner.batchFor(game);
    const slot = batch.inner.add(game, symmetry);
    if (!this.batches.includes(batch)) {
      batch.join();
      this.batches.push(batch);
    }
    return this.places.push({ batch, slot }) - 1;
  }

  async run(): Promise<void> {
    for (const batch of this.batches) batch.isWanted = true;
    this.owner.depart();
    await Promise.all(this.batches.map(batch => batch.done));
  }

  policy(slot: number): Float32Array {
    const place = this.places[slot];
    return place.batch.inner.policy(place.slot);
  }

  expert(slot: number): Float32Array | undefined {
    const place = this.places[slot];
    return place.batch.inner.expert(place.slot);
  }

  value(slot: number): number | undefined {
    const place = this.places[slot];
    return place.batch.inner.value(place.slot);
  }

  lead(slot: number): number | undefined {
    const place = this.places[slot];
    return place.batch.inner.lead(place.slot);
  }

  ownership(slot: number): Float32Array | undefined {
    const place = this.places[slot];
    return place.batch.inner.ownership(place.slot);
  }

  release(): void {
    for (const batch of this.batches) if (batch.leave()) this.owner.forget(batch);
    this.batches.length = 0;
    this.places.length = 0;
  }
}
