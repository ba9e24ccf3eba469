/**
 * The running mean of a network's numbers over the last steps of a run: most of what a falling rate gives, at any moment
 * (Polyak averaging, with exponentially fading weights).
 */
export class WeightAverage {
  /** Steps that the mean looks back, about. */
  readonly horizon: number;
  /** By name. */
  readonly values: Map<string, Float32Array>;
  private steps: number;

  /** @param values of an earlier run, to go on with @param steps that they are the mean of */
  constructor(horizon: number, values: ReadonlyMap<string, Float32Array> = new Map(), steps = 0) {
    this.horizon = horizon;
    this.values = new Map([...values].map(([name, numbers]) => [name, numbers.slice()]));
    this.steps = steps;
  }

  /** Steps taken in so far. */
  get count(): number {
    return this.steps;
  }

  /** Takes in the numbers after a step. A short run is a plain mean: the weight of the newest is 1 / steps until the horizon. */
  add(...numbers: readonly ReadonlyMap<string, Float32Array>[]): void {
    this.steps++;
    const share = 1 / Math.min(this.steps, this.horizon);
    for (const part of numbers) {
      for (const [name, fresh] of part) {
        const mean = this.values.get(name);
        if (!mean) {
          this.values.set(name, fresh.slice());
          continue;
        }
        for (let i = 0; i < mean.length; i++) mean[i] += share * (fresh[i] - mean[i]);
      }
    }
  }
}
