/** The games of a dataset under construction: each once, with the split it belongs to. */
import { GameReader, setSplit } from './gameRecord.ts';
import { splitOf, type SplitShares } from './splits.ts';

export interface SplitRule {
  readonly shares: SplitShares;
  /** Sources that make the validation split, in place of its share. */
  readonly holdOut: ReadonlySet<string> | undefined;
}

export class GameStore {
  /** Index of each game by its source; duplicates have the index of the game that was kept. */
  readonly indexOf = new Map<string, number>();
  private readonly records: Uint8Array[] = [];
  private readonly withHash = new Map<number, number[]>();
  private readonly heldOut = new Set<number>();
  private readonly rule: SplitRule;

  constructor(rule: SplitRule) {
    this.rule = rule;
  }

  /** Number of games. */
  get size(): number {
    return this.records.length;
  }

  /**
   * Adds a game unless its stones and moves are those of one that is there. If one of the two is held out, what stays is.
   * @returns false for a duplicate
   */
  add(source: string, record: Uint8Array): boolean {
    const hash = new GameReader(record).hash(0);
    const others = this.withHash.get(hash) ?? [];
    const same = others.find(index => isSameGame(this.records[index], record));
    const index = same ?? this.records.length;
    // Two files may have one name, in folders of one name: labels go to the first.
    if (!this.indexOf.has(source)) this.indexOf.set(source, index);
    if (this.rule.holdOut?.has(source)) this.heldOut.add(index);
    if (same !== undefined) return false;
    this.records.push(record);
    this.withHash.set(hash, [...others, index]);
    return true;
  }

  /** All records in order, put into their splits. */
  finish(): readonly Uint8Array[] {
    const { holdOut, shares } = this.rule;
    for (const [index, record] of this.records.entries()) {
      const byHash = splitOf(new GameReader(record).hash(0), holdOut ? { ...shares, validation: 0 } : shares);
      setSplit(record, this.heldOut.has(index) ? 'validation' : byHash);
    }
    return this.records;
  }
}

const isSameGame = (a: Uint8Array, b: Uint8Array): boolean => {
  const [one, other] = [new GameReader(a), new GameReader(b)];
  return one.setupCount(0) === other.setupCount(0) && Buffer.compare(one.content(0), other.content(0)) === 0;
};
