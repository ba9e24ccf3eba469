/**
 * One request at a time, and of those asked for meanwhile only the last: what a held key needs, so that it neither floods
 * the server nor lags behind.
 */
export class Latest {
  private isBusy = false;
  private next: (() => Promise<void>) | undefined;

  /** Runs a request now or after the one that is under way. What it throws is its own business: it must not reject. */
  run(request: () => Promise<void>): void {
    if (this.isBusy) {
      this.next = request;
      return;
    }
    this.isBusy = true;
    void request().finally(() => {
      this.isBusy = false;
      const { next } = this;
      this.next = undefined;
      if (next) this.run(next);
    });
  }

  /** Whether something waits behind the request under way. */
  get hasNext(): boolean {
    return this.next !== undefined;
  }
}
