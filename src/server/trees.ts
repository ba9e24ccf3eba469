/** Bounds the trees of all boards together: beyond so many, those not used for longest are given back. */

/** Who has a tree. */
export interface TreeOwner {
  /** Gives the tree back. */
  rest(): Promise<void>;
}

export class Trees {
  private readonly most: number;
  private readonly working = new Set<TreeOwner>();
  /** The one not used for longest first. */
  private readonly idle = new Set<TreeOwner>();

  /** @param most trees kept, but for those that are worked on */
  constructor(most: number) {
    this.most = most;
  }

  /** Does work on the tree of an owner, who keeps it as long as there is room. One piece of work of an owner at a time. */
  async use<T>(owner: TreeOwner, work: () => Promise<T>): Promise<T> {
    this.idle.delete(owner);
    this.working.add(owner);
    try {
      await this.makeRoom();
      return await work();
    } finally {
      this.working.delete(owner);
      this.idle.add(owner);
    }
  }

  /** To be called when an owner has given its tree back by itself. */
  forget(owner: TreeOwner): void {
    this.idle.delete(owner);
  }

  private async makeRoom(): Promise<void> {
    for (const owner of this.idle) {
      if (this.working.size + this.idle.size <= this.most) return;
      this.idle.delete(owner);
      await owner.rest();
    }
  }
}
