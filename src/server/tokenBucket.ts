/** A limit of a rate that allows for bursts. */
export class TokenBucket {
  private readonly most: number;
  private readonly perMs: number;
  private tokens: number;
  private filledAtMs: number;

  /** @param most tokens that it holds, which it does at first @param perSecond tokens that come back */
  constructor(most: number, perSecond: number, nowMs: number = performance.now()) {
    this.most = most;
    this.perMs = perSecond / 1000;
    this.tokens = most;
    this.filledAtMs = nowMs;
  }

  /** @returns whether there were so many tokens; if not, none are taken */
  take(count = 1, nowMs: number = performance.now()): boolean {
    this.fill(nowMs);
    if (this.tokens < Math.min(count, this.most)) return false;
    this.tokens -= count;
    return true;
  }

  /** Whether it is as at first, so that it may be forgotten. */
  isFull(nowMs: number = performance.now()): boolean {
    this.fill(nowMs);
    return this.tokens >= this.most;
  }

  private fill(nowMs: number): void {
    this.tokens = Math.min(this.most, this.tokens + (nowMs - this.filledAtMs) * this.perMs);
    this.filledAtMs = nowMs;
  }
}
