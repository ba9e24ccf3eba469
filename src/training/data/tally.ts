/** Counts reasons, and keeps the first few examples of each. */
import type { LeftOut } from './summary.ts';

const EXAMPLES = 3;

export class Tally {
  private readonly entries = new Map<string, { count: number; readonly examples: string[] }>();

  /** @param example where it was; only the first three are kept */
  add(reason: string, example: string): void {
    let entry = this.entries.get(reason);
    if (!entry) this.entries.set(reason, (entry = { count: 0, examples: [] }));
    entry.count++;
    if (entry.examples.length < EXAMPLES) entry.examples.push(example);
  }

  /** Most frequent first. */
  list(): LeftOut[] {
    return [...this.entries]
      .map(([reason, entry]) => ({ reason, ...entry }))
      .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
  }
}
