/**
 * One network in several threads, each with a session of its own, for callers who have two batches in flight: two sessions of one
 * thread each do more in a second than one session of two threads, which share every small operator. A batch goes to the session
 * that has the fewest. The first is there at once, the others come when they have loaded; one that dies is done without.
 */
import type { Batch, Output } from '../../engine/evaluator.ts';
import type { Backend } from './backends.ts';
import type { NetworkEvaluator } from './evaluator.ts';

export class LanesEvaluator implements NetworkEvaluator {
  private readonly lanes: NetworkEvaluator[];
  private isEnding = false;
  /** Resolves when no further lane is being opened. */
  private readonly opened: Promise<void>;

  /** @param open opens one more lane; one that fails is done without */
  constructor(first: NetworkEvaluator, count: number, open: () => Promise<NetworkEvaluator>) {
    this.lanes = [first];
    this.opened = this.openOthers(count - 1, open);
  }

  get name(): string {
    return this.lanes[0].name;
  }

  get backend(): Backend {
    return this.lanes[0].backend;
  }

  get leastWinograd(): number {
    return this.lanes[0].leastWinograd;
  }

  get outputs(): readonly Output[] {
    return this.lanes[0].outputs;
  }

  get maxBatch(): number {
    return this.lanes[0].maxBatch;
  }

  get inUse(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.inUse, 0);
  }

  get hasEnded(): boolean {
    return this.lanes.every(lane => lane.hasEnded);
  }

  begin(): Batch {
    const living = this.lanes.filter(lane => !lane.hasEnded);
    // Where none lives, the first says why.
    if (living.length === 0) return this.lanes[0].begin();
    return living.reduce((best, lane) => (lane.inUse < best.inUse ? lane : best)).begin();
  }

  retire(): void {
    this.isEnding = true;
    for (const lane of this.lanes) lane.retire();
  }

  async close(): Promise<void> {
    this.isEnding = true;
    await Promise.all(this.lanes.map(lane => lane.close()));
    await this.opened;
  }

  private async openOthers(count: number, open: () => Promise<NetworkEvaluator>): Promise<void> {
    for (let i = 0; i < count && !this.isEnding; i++) {
      const lane = await open().catch(() => undefined);
      if (!lane) return;
      if (this.isEnding) await lane.close();
      else this.lanes.push(lane);
    }
  }
}
