/** The parts that share and bound, without sockets. */
import { describe, expect, test } from 'vitest';
import { Outbox, type Sink } from '../../src/server/outbox.ts';
import { TokenBucket, TokenBuckets } from '../../src/server/tokenBucket.ts';
import { Trees, type TreeOwner } from '../../src/server/trees.ts';
import { Turnstile, type Urgency } from '../../src/server/turnstile.ts';

describe('the turnstile', () => {
  /** Work that ends when it is told to. */
  const openTurnstile = () => {
    const turnstile = new Turnstile();
    const begun: string[] = [];
    const ends = new Map<string, () => void>();
    const pass = (urgency: Urgency, board: string, signal?: AbortSignal) =>
      turnstile.pass(
        urgency,
        board,
        () => {
          const name = `${urgency} ${board}`;
          begun.push(name);
          return new Promise<string>(resolve => {
            ends.set(name, () => resolve(name));
          });
        },
        signal,
      );
    const end = async (name: string): Promise<void> => {
      ends.get(name)!();
      await new Promise(setImmediate);
    };
    return { turnstile, begun, pass, end };
  };
  const settle = () => new Promise(setImmediate);

  test('lets a few boards search, and the most urgent next', async () => {
    const { begun, pass, end } = openTurnstile();
    for (const board of ['a', 'b', 'c', 'd']) void pass('analysis', board);
    void pass('background', 'e');
    void pass('analysis', 'f');
    void pass('look', 'g');
    void pass('move', 'h');
    await settle();
    expect(begun).toEqual(['analysis a', 'analysis b', 'analysis c', 'analysis d', 'look g', 'move h']);
    await end('analysis a');
    expect(begun.slice(6)).toEqual([]);
    await end('analysis b');
    expect(begun.slice(6)).toEqual(['analysis f']);
    for (const name of ['analysis c', 'analysis d', 'look g', 'move h']) await end(name);
    expect(begun).not.toContain('background e');
    await end('analysis f');
    expect(begun.at(-1)).toBe('background e');
  });

  test('keeps a place for analysis, however many moves are wanted', async () => {
    const { begun, pass } = openTurnstile();
    for (const board of ['a', 'b', 'c', 'd', 'e']) void pass('move', board);
    void pass('analysis', 'f');
    await settle();
    expect(begun).toEqual(['move a', 'move b', 'move c', 'analysis f']);
  });

  test('never does two things for one board', async () => {
    const { begun, pass, end } = openTurnstile();
    void pass('analysis', 'a');
    void pass('look', 'a');
    void pass('look', 'b');
    await settle();
    expect(begun).toEqual(['analysis a', 'look b']);
    await end('analysis a');
    expect(begun.at(-1)).toBe('look a');
  });

  test('lets the board go first that was served longest ago', async () => {
    const { begun, pass, end } = openTurnstile();
    for (const board of ['a', 'b', 'c', 'd']) void pass('analysis', board);
    await settle();
    for (const board of ['b', 'a', 'new']) void pass('analysis', board);
    for (const board of ['a', 'b', 'c']) await end(`analysis ${board}`);
    expect(begun.slice(4)).toEqual(['analysis new', 'analysis a', 'analysis b']);
  });

  test('forgets what was given up while it waited', async () => {
    const { begun, pass, end } = openTurnstile();
    const stop = new AbortController();
    void pass('look', 'a');
    const given = pass('look', 'a', stop.signal);
    stop.abort();
    expect(await given).toBeUndefined();
    await end('look a');
    expect(begun).toEqual(['look a']);
    expect(await pass('look', 'a', stop.signal)).toBeUndefined();
  });

  test('goes on after work that failed', async () => {
    const { turnstile } = openTurnstile();
    await expect(turnstile.pass('look', 'a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await turnstile.pass('look', 'a', async () => 1)).toBe(1);
  });
});

describe('trees', () => {
  const open = (most: number) => {
    const trees = new Trees(most);
    const rested: string[] = [];
    const makeOwner = (name: string): TreeOwner => ({
      rest: async () => {
        rested.push(name);
      },
    });
    const owners = new Map(['a', 'b', 'c', 'd'].map(name => [name, makeOwner(name)]));
    const use = (name: string, work: () => Promise<void> = async () => {}): Promise<void> =>
      trees.use(owners.get(name)!, work);
    return { trees, rested, use, ownerOf: (name: string) => owners.get(name)! };
  };

  test('beyond as many as may be, the one not used for longest is given back', async () => {
    const { rested, use } = open(2);
    for (const name of ['a', 'b', 'a', 'c']) await use(name);
    expect(rested).toEqual(['b']);
    await use('b');
    expect(rested).toEqual(['b', 'a']);
  });

  test('that are worked on are kept, however long', async () => {
    const { rested, use } = open(2);
    let end = (): void => {};
    const long = use('a', () => new Promise<void>(resolve => (end = resolve)));
    for (const name of ['b', 'c', 'd']) await use(name);
    expect(rested).toEqual(['b', 'c']);
    end();
    await long;
    for (const name of ['b', 'c']) await use(name);
    expect(rested).toEqual(['b', 'c', 'd', 'a']);
  });

  test('that are given back by themselves take no room, and work that failed leaves its tree', async () => {
    const { trees, rested, use, ownerOf } = open(2);
    await use('a');
    await expect(use('b', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    trees.forget(ownerOf('b'));
    await use('c');
    expect(rested).toEqual([]);
    await use('b');
    expect(rested).toEqual(['a']);
  });
});

describe('the outbox', () => {
  /** A socket whose frames are taken when the test says so. */
  class SlowSink implements Sink {
    readonly taken: string[] = [];
    private readonly waiting: { readonly frame: Buffer; readonly done: () => void }[] = [];

    get bufferedAmount(): number {
      return this.waiting.reduce((sum, { frame }) => sum + frame.length, 0);
    }

    send(frame: Buffer, _: { readonly binary: false }, done: () => void): void {
      this.waiting.push({ frame, done });
    }

    takeAll(): void {
      for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
        this.taken.push(next.frame.toString().slice(0, 10).trim());
        next.done();
      }
    }
  }

  const open = () => {
    const sink = new SlowSink();
    const outbox = new Outbox(sink, { behindBytes: 200_000, catchUp: () => [Buffer.from('board')] });
    return { sink, outbox };
  };
  const large = (name: string): Buffer => Buffer.from(name.padEnd(100_000));

  test('keeps only the newest analysis for one who is behind', () => {
    const { sink, outbox } = open();
    outbox.sendChange(large('change'));
    for (let i = 0; i < 10; i++) outbox.sendAnalysis(Buffer.from(`analysis ${i}`));
    sink.takeAll();
    expect(sink.taken).toEqual(['change', 'analysis 9']);
    outbox.sendAnalysis(Buffer.from('analysis x'));
    sink.takeAll();
    expect(sink.taken.at(-1)).toBe('analysis x');
  });

  test('leaves changes out for one who is far behind, and sends the whole board afterwards', () => {
    const { sink, outbox } = open();
    for (let i = 0; i < 10; i++) outbox.sendChange(large(`change ${i}`));
    expect(outbox.fullMs).toBeGreaterThan(0);
    outbox.sendAnalysis(Buffer.from('analysis'));
    sink.takeAll();
    expect(sink.taken).toEqual(['change 0', 'change 1', 'change 2', 'board']);
    expect(outbox.fullMs).toBe(0);
    outbox.sendChange(Buffer.from('change'));
    sink.takeAll();
    expect(sink.taken.at(-1)).toBe('change');
  });

  test('never holds more than its bound and one frame', () => {
    const { sink, outbox } = open();
    for (let i = 0; i < 1000; i++) {
      outbox.sendChange(large('change'));
      outbox.sendAnalysis(large('analysis'));
      outbox.sendBoard(large('board'));
    }
    expect(sink.bufferedAmount).toBeLessThanOrEqual(300_000);
  });
});

describe('a bucket of tokens', () => {
  test('allows a burst, and then a rate', () => {
    const bucket = new TokenBucket(3, 2, 0);
    expect([1, 2, 3, 4].map(() => bucket.take(1, 0))).toEqual([true, true, true, false]);
    expect([bucket.take(1, 500), bucket.take(1, 500)]).toEqual([true, false]);
    expect([bucket.isFull(1000), bucket.isFull(2000)]).toEqual([false, true]);
  });

  test('gives what costs more than it holds when it is full, and is long empty then', () => {
    const bucket = new TokenBucket(3, 1, 0);
    expect(bucket.take(5, 0)).toBe(true);
    expect([bucket.take(1, 2000), bucket.take(1, 3000)]).toEqual([false, true]);
  });

  test('is one for each who has any, and no more is forgotten than what is as at first', () => {
    const buckets = new TokenBuckets(2, 0.001);
    expect([buckets.take('a', 2), buckets.take('a'), buckets.take('b')]).toEqual([true, false, true]);
    buckets.sweep();
    expect([buckets.take('a'), buckets.take('b'), buckets.take('b')]).toEqual([false, true, false]);
  });
});
