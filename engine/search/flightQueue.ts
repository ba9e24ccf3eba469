/** The batches of a search that are under evaluation, in the order in which they left; they are counted in that order. */
import type { Evaluator } from '../evaluator.ts';
import { Flight } from './flight.ts';
import { NO_NODE, type Tree } from './tree.ts';

export class FlightQueue {
  private readonly evaluator: Evaluator;
  private readonly underway: Flight[] = [];
  /** To be used again. */
  private readonly spare: Flight[] = [];
  private wake: (() => void) | undefined;

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
  }

  /** Batches under evaluation. */
  get length(): number {
    return this.underway.length;
  }

  /** Leaves under evaluation that the tree still has. */
  get leaves(): number {
    let leaves = 0;
    for (const { size, nodes } of this.underway)
      for (let slot = 0; slot < size; slot++) if (nodes[slot] !== NO_NODE) leaves++;
    return leaves;
  }

  /** Whether the root is under evaluation in a flight of its own. */
  get hasRoot(): boolean {
    return this.underway.some(({ isRoot, nodes }) => isRoot && nodes[0] !== NO_NODE);
  }

  /** An empty flight with a batch. @param most leaves; @param area points of the board */
  take(most: number, area: number, isRoot: boolean): Flight {
    const spare = this.spare.pop();
    const flight = spare?.area === area && spare.nodes.length === most ? spare : new Flight(most, area);
    flight.begin(this.evaluator.begin(), isRoot);
    return flight;
  }

  /** Sends a flight off. */
  send(flight: Flight): void {
    flight.depart();
    this.underway.push(flight);
  }

  /** Takes back a flight that was never sent, or that has been counted. */
  giveBack(flight: Flight): void {
    flight.end();
    this.spare.push(flight);
  }

  /**
   * Waits for the flight that left first. Assumes that there is one.
   * @returns it, no longer under way; undefined if {@link hurry} was called before it came
   */
  async next(): Promise<Flight | undefined> {
    const flight = this.underway[0];
    if (!flight.isDone) {
      await new Promise<void>(resolve => {
        this.wake = resolve;
        flight.onDone = resolve;
      });
      this.wake = undefined;
    }
    if (!flight.isDone) return undefined;
    this.underway.shift();
    return flight;
  }

  /** Lets {@link next} answer at once. */
  hurry(): void {
    this.wake?.();
  }

  /** The tree is gone: what comes back is of no use. */
  loseLeaves(): void {
    for (const flight of this.underway) flight.loseLeaves();
  }

  /** The tree has a new root: leaves have other numbers, or are gone. */
  follow(tree: Tree): void {
    for (const { nodes } of this.underway)
      for (let slot = 0; slot < nodes.length; slot++)
        if (nodes[slot] !== NO_NODE) nodes[slot] = tree.movedTo(nodes[slot]);
  }
}
