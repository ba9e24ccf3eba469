/** The sessions of the inference thread: as many as memory is meant for, those used last. */

/** What {@link KeptSessions} needs of a session. */
interface Releasable {
  release(): Promise<void>;
}

export class KeptSessions<Session extends Releasable> {
  private readonly most: number;
  /** The one used last at the end. */
  private readonly sessions = new Map<string, Session>();

  /** @param most sessions at a time, at least 1 */
  constructor(most: number) {
    this.most = most;
  }

  /**
   * The session of a name, made if it is not there; the one not used for longest may give way to it.
   * Assumes that none runs, and that the last call has ended.
   * @throws what `make` fails with; the next call tries again
   */
  async get(name: string, make: () => Promise<Session>): Promise<Session> {
    const { sessions } = this;
    const session = sessions.get(name) ?? (await make());
    sessions.delete(name);
    sessions.set(name, session);
    if (sessions.size > this.most) {
      const [[oldest, unused]] = sessions;
      sessions.delete(oldest);
      await unused.release();
    }
    return session;
  }

  /** Releases all but those of some names. Assumes that none runs. */
  async keepOnly(names: ReadonlySet<string>): Promise<void> {
    for (const [name, session] of this.sessions) {
      if (names.has(name)) continue;
      this.sessions.delete(name);
      await session.release().catch(() => {});
    }
  }

  /** Releases all. */
  release(): Promise<void> {
    return this.keepOnly(new Set());
  }
}
