/** A batch of positions on their way through the network; see engine/evaluator.ts for what it promises. */
import type { Dimensions } from '../../engine/coords.ts';
import type { Batch } from '../../engine/evaluator.ts';
import type { Game } from '../../engine/game.ts';
import { encode, encodeColor, planeSize } from '../../features/encode.ts';
import { PLANES, VALUE_PLANES } from '../../features/planes.ts';
import { markLegal, softmaxLegal } from '../../features/policy.ts';
import { encodeKomi } from '../../features/scales.ts';
import { symmetryMap } from '../../features/symmetry.ts';
import type { NetworkForm } from './contract.ts';
import { layOut, type SharedBatch } from './sharedBatch.ts';

/** How a batch reaches its worker. */
export interface BatchRunner {
  readonly form: NetworkForm;
  readonly maxBatch: number;
  /** A number for a new memory. */
  nextId(): number;
  /** Tells the worker about the memory of a batch. */
  share(id: number, dimensions: Dimensions, memory: SharedArrayBuffer): void;
  /** Tells the worker that the memory of a batch is not used any more. */
  forget(id: number): void;
  /** Settles when the worker has evaluated the first `count` positions. */
  run(id: number, count: number): Promise<void>;
  /** Takes a batch back for others to use. */
  giveBack(batch: OnnxBatch): void;
}

/** Board sizes for which a batch keeps its memory; of 16 positions on 19x19 that is 2 MB. */
const MOST_ROOMS = 4;

/** Memory of a batch for one board size, kept for the next batch of that size. */
interface Room extends Dimensions {
  readonly id: number;
  readonly shared: SharedBatch;
  /** Shape [maxBatch, area]. */
  readonly legal: Uint8Array;
  /** By slot. */
  readonly symmetries: Uint8Array;
  /** Results, made on first request. Shape [maxBatch, area + 1], [maxBatch, area], [maxBatch, area]. */
  readonly policy: Float32Array[];
  readonly expert: Float32Array[];
  readonly ownership: Float32Array[];
}

export class OnnxBatch implements Batch {
  size = 0;
  private readonly runner: BatchRunner;
  /** The one used last at the end. */
  private readonly rooms: Room[] = [];
  private room: Room | undefined;
  /** By slot: 1 policy, 2 expert, 4 ownership have been turned into results. */
  private readonly made: Uint8Array;

  constructor(runner: BatchRunner) {
    this.runner = runner;
    this.made = new Uint8Array(runner.maxBatch);
  }

  add(game: Game, symmetry = 0): number {
    const { runner } = this;
    const { width, height } = game;
    if (this.size === runner.maxBatch)
      throw new RangeError(`batch is full: at most ${runner.maxBatch} positions`);
    if (this.size === 0) this.room = this.roomFor(game);
    const room = this.room!;
    if (room.width !== width || room.height !== height) {
      throw new RangeError(
        `a ${width}x${height} position in a batch of ${room.width}x${room.height}: a batch holds one board size`,
      );
    }
    const slot = this.size;
    const { planes } = runner.form;
    const size = planeSize(width, height);
    symmetryMap(symmetry, game);
    encode(game, room.shared.planes, slot * planes * size, symmetry);
    if (planes === VALUE_PLANES) encodeColor(game, room.shared.planes, (slot * planes + PLANES) * size);
    room.shared.komi[slot] = encodeKomi(game.whiteBonus, game.toPlay);
    markLegal(game, room.legal, slot * game.board.area);
    room.symmetries[slot] = symmetry;
    this.made[slot] = 0;
    return this.size++;
  }

  async run(): Promise<void> {
    if (this.size > 0) await this.runner.run(this.room!.id, this.size);
  }

  policy(slot: number): Float32Array {
    const room = this.room!;
    const { outputs } = room.shared;
    const priors = (room.policy[slot] ??= new Float32Array(room.width * room.height + 1));
    if (this.claim(slot, 1))
      this.fillPriors(slot, outputs.policy!, outputs.pass?.[slot] ?? -Infinity, priors);
    return priors;
  }

  expert(slot: number): Float32Array | undefined {
    const room = this.room!;
    const logits = room.shared.outputs.expert;
    if (!logits) return undefined;
    const priors = (room.expert[slot] ??= new Float32Array(room.width * room.height));
    if (this.claim(slot, 2)) this.fillPriors(slot, logits, -Infinity, priors);
    return priors;
  }

  value(slot: number): number | undefined {
    return this.room!.shared.outputs.value?.[slot];
  }

  lead(slot: number): number | undefined {
    return this.room!.shared.outputs.lead?.[slot];
  }

  ownership(slot: number): Float32Array | undefined {
    const room = this.room!;
    const raw = room.shared.outputs.ownership;
    if (!raw) return undefined;
    const area = room.width * room.height;
    const ownership = (room.ownership[slot] ??= new Float32Array(area));
    if (this.claim(slot, 4)) {
      const map = symmetryMap(room.symmetries[slot], room);
      for (let i = 0; i < area; i++) ownership[i] = raw[slot * area + map[i]];
    }
    return ownership;
  }

  release(): void {
    this.size = 0;
    this.runner.giveBack(this);
  }

  /** Whether this result has not been made yet; from now on it has. */
  private claim(slot: number, bit: number): boolean {
    if ((this.made[slot] & bit) !== 0) return false;
    this.made[slot] |= bit;
    return true;
  }

  private fillPriors(slot: number, logits: Float32Array, pass: number, out: Float32Array): void {
    const room = this.room!;
    const area = room.width * room.height;
    softmaxLegal(
      logits,
      slot * area,
      room.legal,
      slot * area,
      symmetryMap(room.symmetries[slot], room),
      pass,
      out,
    );
  }

  private roomFor({ width, height }: Dimensions): Room {
    const { rooms } = this;
    const index = rooms.findIndex(candidate => candidate.width === width && candidate.height === height);
    const room = index < 0 ? this.makeRoom({ width, height }) : rooms.splice(index, 1)[0];
    rooms.push(room);
    if (rooms.length > MOST_ROOMS) this.runner.forget(rooms.shift()!.id);
    return room;
  }

  private makeRoom({ width, height }: Dimensions): Room {
    const { runner } = this;
    const { maxBatch } = runner;
    const id = runner.nextId();
    const shared = layOut(runner.form, { width, height }, maxBatch);
    runner.share(id, { width, height }, shared.memory);
    return {
      width,
      height,
      id,
      shared,
      legal: new Uint8Array(maxBatch * width * height),
      symmetries: new Uint8Array(maxBatch),
      policy: [],
      expert: [],
      ownership: [],
    };
  }
}
