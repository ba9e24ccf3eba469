/** `hane analyze` of whole games: one after another, each written when it is done, so that an interrupted run can go on. */
import { createHash } from 'node:crypto';
import { basename, extname, relative } from 'node:path';
import {
  makeIndexEntry,
  makeIndexPage,
  type IndexEntry,
  type Skipped,
} from '../analysis/review/indexPage.ts';
import type { Review, ReviewSettings } from '../analysis/review/review.ts';
import { ReviewAborted, reviewGame } from '../analysis/review/reviewGame.ts';
import { INDEX_FILE, ReviewStore, drawReviewGraph, sourceOf } from '../analysis/review/store.ts';
import { makeMoveTable, makeSummaryText } from '../analysis/review/text.ts';
import { readNetwork } from '../inference/manifest.ts';
import { openSearchThread, type RemoteSearch, type SearchThread } from '../search/searchThread.ts';
import { readRecords, type RecordFile } from '../sgf/archive.ts';
import { parseSgf, type SgfNode } from '../sgf/parse.ts';
import { readRecord, type GameRecord } from '../sgf/record.ts';
import { SgfError } from '../sgf/sgfError.ts';
import { UserError } from './errors.ts';
import { INTERRUPTED } from './exitStatus.ts';
import { networkOf, type NetworkOptions } from './networkOptions.ts';
import { writePicture } from './position.ts';
import { ProgressLine } from './progressLine.ts';

export interface GamesOptions extends NetworkOptions {
  readonly visits: number;
  readonly seed: number;
  readonly game?: number;
  readonly out?: string;
}

/** Mistakes listed in the terminal. */
const LISTED = 5;

/** The index is written anew at most so often. */
const INDEX_EVERY_MS = 10_000;

/** A game of the input. */
interface Input {
  /** Path for people and for the names of files. */
  readonly path: string;
  readonly source: string;
  readonly root: SgfNode;
  readonly record: GameRecord;
}

/**
 * Reviews all games at a path. What cannot be read is reported and left out, unless it is all there is.
 * @throws UserError, SgfError, NetworkError
 */
export const analyzeGames = async (path: string, options: GamesOptions): Promise<void> => {
  const { out } = options;
  // Everything is read once before, to know how much there is to do and to say early what is wrong.
  let total = 0;
  let games = 0;
  const skipped: Skipped[] = [];
  for await (const input of readInputs(path, options.game)) {
    if ('reason' in input) skipped.push(input);
    else {
      games++;
      total += input.record.moves.length + 1;
    }
  }
  if (games === 0)
    throw new UserError(
      skipped.length === 1
        ? `${skipped[0].name}: ${skipped[0].reason}`
        : `${path}: no game in it that can be read`,
    );
  for (const { name, reason } of skipped) process.stderr.write(`hane: ${name} is left out: ${reason}\n`);
  const isPicture = out !== undefined && extname(out) !== '';
  if (isPicture && games > 1)
    throw new UserError(
      `${path} has ${games} games: a picture shows one; --game chooses, or --out names a folder`,
    );
  const thread = await openSearchThread(networkOf(options));
  try {
    const { bytes } = await readNetwork(options.network);
    const settings = {
      network: thread.name,
      networkHash: createHash('sha256').update(bytes).digest('hex'),
      visits: options.visits,
      seed: options.seed,
    };
    const plan = { path, total, games, skipped, settings };
    const run = new Run(thread, await thread.newSearch(), options, plan);
    await run.all();
  } finally {
    await thread.close();
  }
};

/** What is known before the first game. */
interface Plan {
  readonly path: string;
  /** Positions. */
  readonly total: number;
  readonly games: number;
  readonly skipped: Skipped[];
  readonly settings: ReviewSettings;
}

class Run {
  private readonly thread: SearchThread;
  private readonly search: RemoteSearch;
  private readonly options: GamesOptions;
  private readonly plan: Plan;
  private readonly store: ReviewStore | undefined;
  private readonly progress = new ProgressLine();
  private readonly interrupt = new AbortController();
  private readonly entries: IndexEntry[] = [];
  /** Positions of games that are done or left out, and those that were searched by this run. */
  private before = 0;
  private searched = 0;
  private reused = 0;
  private indexAt = 0;

  constructor(thread: SearchThread, search: RemoteSearch, options: GamesOptions, plan: Plan) {
    this.thread = thread;
    this.search = search;
    this.options = options;
    this.plan = plan;
    const { out } = options;
    this.store = out !== undefined && extname(out) === '' ? new ReviewStore(out) : undefined;
  }

  async all(): Promise<void> {
    const stop = (): void => this.interrupt.abort();
    process.once('SIGINT', stop);
    try {
      for await (const input of readInputs(this.plan.path, this.options.game))
        if (!('reason' in input)) await this.one(input);
    } catch (error) {
      if (!(error instanceof ReviewAborted)) throw error;
      process.exitCode = INTERRUPTED;
    } finally {
      process.off('SIGINT', stop);
      this.progress.clear();
      await this.writeIndex();
    }
    this.report();
  }

  private async one(input: Input): Promise<void> {
    const { store, plan } = this;
    const name = store?.nameFor(input.path) ?? input.path;
    const known = await store?.find(name, input.source, plan.settings);
    try {
      const review = known ?? (await this.review(input, name));
      if (known) this.reused++;
      else await store?.write(name, review, input.root, this.hasIndex);
      this.before += input.record.moves.length + 1;
      await this.show(name, review, known !== undefined);
    } catch (error) {
      if (!(error instanceof SgfError)) throw error;
      if (plan.games === 1) throw error;
      this.before += input.record.moves.length + 1;
      plan.skipped.push({ name, reason: error.message });
      this.say(`hane: ${name} is left out: ${error.message}\n`);
    }
  }

  private async review({ record, root, source }: Input, name: string): Promise<Review> {
    // What is remembered of other games would change the batches, and with them the last digits.
    this.thread.clearCache();
    return reviewGame(this.search, record, {
      settings: this.plan.settings,
      source,
      result: root.properties['RE']?.[0]?.trim(),
      signal: this.interrupt.signal,
      onPosition: positions => {
        this.searched++;
        this.progress.show({
          done: this.searched,
          total: this.plan.total - this.before + this.searched - positions,
          count: this.searched,
          unit: 'positions',
          text: this.plan.games > 1 ? name : `of ${record.moves.length + 1}`,
        });
      },
    });
  }

  private async show(name: string, review: Review, isKnown: boolean): Promise<void> {
    const { out } = this.options;
    const { games } = this.plan;
    this.progress.clear();
    if (this.hasIndex) {
      this.entries.push(makeIndexEntry(name, review));
      if (!isKnown && performance.now() - this.indexAt > INDEX_EVERY_MS) await this.writeIndex();
    } else if (!this.store && out !== undefined) await writePicture(out, drawReviewGraph(review), 1200);
    if (isKnown && games > 1) return;
    if (out === undefined) process.stdout.write(makeMoveTable(review));
    process.stdout.write(`${makeSummaryText(review, LISTED)}\n`);
  }

  private get hasIndex(): boolean {
    return this.store !== undefined && this.plan.games + this.plan.skipped.length > 1;
  }

  private async writeIndex(): Promise<void> {
    if (!this.store || !this.hasIndex || this.entries.length === 0) return;
    this.indexAt = performance.now();
    await this.store.writeIndex(makeIndexPage(basename(this.plan.path), this.entries, this.plan.skipped));
  }

  private report(): void {
    const { out } = this.options;
    if (this.interrupt.signal.aborted)
      this.say(`hane: interrupted${this.store ? '; the same command goes on from here' : ''}\n`);
    else if (this.reused > 0)
      this.say(`hane: ${this.reused} of ${this.plan.games} games were done already\n`);
    if (this.store && this.entries.length > 0) process.stdout.write(`${out}/${INDEX_FILE} shows all games\n`);
  }

  private say(text: string): void {
    this.progress.clear();
    process.stderr.write(text);
  }
}

/** The games at a path, and what cannot be read there. @param only which game of each file, from 1; all by default */
async function* readInputs(path: string, only: number | undefined): AsyncGenerator<Input | Skipped> {
  const damaged: Skipped[] = [];
  const onDamage = (archive: string, { message }: SgfError): void => {
    damaged.push({ name: relative(path, archive), reason: message });
  };
  for await (const file of readRecords(path, onDamage)) {
    const name = nameOf(file, path);
    try {
      const roots = parseSgf(file.bytes);
      if (only !== undefined && only > roots.length)
        throw new UserError(
          `${name} has ${roots.length} ${roots.length === 1 ? 'game' : 'games'}: --game takes 1 to ${roots.length}`,
        );
      for (const [i, root] of roots.entries()) {
        if (only !== undefined && only !== i + 1) continue;
        const number = roots.length > 1 ? `-${i + 1}` : '';
        yield {
          path: `${name.replace(/\.sgf$/i, '')}${number}`,
          source: sourceOf(file.bytes, i),
          root,
          record: readRecord(root),
        };
      }
    } catch (error) {
      if (!(error instanceof SgfError)) throw error;
      yield { name, reason: error.message };
    }
  }
  yield* damaged;
}

/** A path that tells the file from the others: within the folder, with the archive if there are several. */
const nameOf = ({ archive, name }: RecordFile, path: string): string => {
  if (name === path) return basename(name);
  if (archive === path) return name;
  return `${relative(path, archive).replace(/\.(tar|tar\.gz|tgz|zip)$/i, '')}/${name}`;
};
