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

/** A bucket for each of many, such as addresses; those that are as at first are forgotten by and by. */
export class TokenBuckets {
  private readonly most: number;
  private readonly perSecond: number;
  private readonly buckets = new Map<string, TokenBucket>();

  /** @param most of each, as of {@link TokenBucket} @param perSecond the same */
  constructor(most: number, perSecond: number) {
    this.most = most;
    this.perSecond = perSecond;
  }

  /** Takes tokens out of one's bucket. @returns whether there were so many */
  take(who: string, count = 1): boolean {
    let bucket = this.buckets.get(who);
    if (!bucket) this.buckets.set(who, (bucket = new TokenBucket(this.most, this.perSecond)));
    return bucket.take(count);
  }

  /** To be called now and then: forgets the full ones. */
  sweep(): void {
    for (const [who, bucket] of this.buckets) if (bucket.isFull()) this.buckets.delete(who);
  }
}
