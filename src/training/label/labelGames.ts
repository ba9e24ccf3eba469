/**
 * Labels positions of game records with an analysis engine, many games under way at once. What goes wrong with one game is
 * counted and skipped; what is labelled stays, and the next run goes on from there. Start reading at {@link labelGames}.
 */
import { basename, resolve } from 'node:path';
import { Game } from '../../../engine/game.ts';
import { readRecords } from '../../sgf/archive.ts';
import { BOARD, GameReader, type StoredGame } from '../data/gameRecord.ts';
import { readGames } from '../data/readGame.ts';
import { sourceOf } from '../data/sources.ts';
import { Tally } from '../data/tally.ts';
import type { LeftOut } from '../data/summary.ts';
import type { Label } from '../labels.ts';
import { AnswerError, readJudgement, type AnswerLine, type Perspective } from './analysisAnswer.ts';
import { AnalysisError, type NoteKind } from './analysisEngine.ts';
import { makeQuery, playerAt } from './analysisQuery.ts';
import { choosePositions, type ChoiceOptions } from './choosePositions.ts';
import { EngineKeeper } from './engineKeeper.ts';
import { LabelStore, type GameName } from './labelStore.ts';

export interface LabelOptions extends ChoiceOptions {
  /** SGF files, folders and archives. */
  readonly paths: readonly string[];
  /** The engine's program and arguments. */
  readonly command: readonly string[];
  /** The labels, and the list of their games. */
  readonly out: string;
  readonly list: string;
  readonly visits: number;
  /** Games under way at once. */
  readonly inFlight: number;
  readonly timeoutMs: number;
  readonly startMs: number;
  /** Begins no more games. */
  readonly stop?: AbortSignal | undefined;
  /** Ends the engine at once; games under way are left. */
  readonly kill?: AbortSignal | undefined;
  readonly onProgress?: ((counts: LabelCounts) => void) | undefined;
  readonly warn: (message: string) => void;
}

export interface LabelCounts {
  /** Games and positions labelled now. */
  readonly games: number;
  readonly positions: number;
  /** Games that had labels. */
  readonly known: number;
  /** Files gone through, in any way. */
  readonly files: number;
  /** Files in all; undefined until they are counted. */
  readonly total: number | undefined;
  readonly restarts: number;
  /** Games, positions and messages that came to nothing, by reason. */
  readonly problems: readonly LeftOut[];
}

interface Task {
  readonly name: GameName;
  readonly source: string;
  readonly game: StoredGame;
}

/** Anything a network can be asked about has a first move. */
const FILTERS = { minMoves: 1 } as const;

/** Labels tell their game by its name: of two games with one name, one is left out. */
const SAME_NAME = 'the name of a game before it: folders or archives of one name';

/**
 * @returns what was done, also after a stop
 * @throws EngineGone if the engine does not work; LabelError if the files are no labels; SgfError if a path holds no records
 */
export const labelGames = async (options: LabelOptions): Promise<LabelCounts> => {
  const run = new LabelRun(options);
  try {
    return await run.finish();
  } finally {
    await run.close();
  }
};

class LabelRun {
  private readonly options: LabelOptions;
  private readonly store: LabelStore;
  private readonly keeper: EngineKeeper;
  private readonly problems = new Tally();
  private readonly underWay = new Set<Promise<void>>();
  private games = 0;
  private positions = 0;
  private known = 0;
  private files = 0;
  private total: number | undefined;
  private readonly ended = new AbortController();
  private failure: Error | undefined;

  constructor(options: LabelOptions) {
    this.options = options;
    this.store = new LabelStore(options.out, options.list);
    if (this.store.labelsBefore > 0)
      options.warn(
        `going on: ${this.store.labelsBefore} labels of ${this.store.gamesBefore} games are there`,
      );
    this.keeper = new EngineKeeper({ ...options, onNote: (kind, text) => this.note(kind, text) });
    options.kill?.addEventListener('abort', () => this.keeper.kill());
  }

  async finish(): Promise<LabelCounts> {
    const { stop, inFlight, paths } = this.options;
    // What cannot be read is found by the reading itself.
    void countFiles(paths, this.ended.signal).then(
      total => (this.total = total),
      () => {},
    );
    for await (const task of this.tasks()) {
      while (this.underWay.size >= inFlight) await Promise.race(this.underWay);
      if (this.failure || stop?.aborted === true) break;
      const done = this.label(task)
        .catch((error: Error) => {
          this.failure ??= error;
        })
        .finally(() => this.underWay.delete(done));
      this.underWay.add(done);
    }
    await Promise.all(this.underWay);
    if (this.failure && this.options.kill?.aborted !== true) throw this.failure;
    return this.counts();
  }

  async close(): Promise<void> {
    this.ended.abort();
    await this.keeper.close();
    this.store.close();
  }

  /** The games of all paths that can be played and have no labels. */
  private async *tasks(): AsyncGenerator<Task> {
    const scratch = new Game(BOARD);
    for (const path of this.options.paths) {
      for await (const { archive, name, bytes } of readRecords(path)) {
        this.files++;
        const folder = basename(resolve(archive));
        const member = name === archive ? folder : name;
        const file = sourceOf(folder, member);
        for (const outcome of readGames({ source: file, isHuman: true, bytes }, FILTERS, scratch)) {
          const { source } = outcome;
          // The second and further games of a file have a number after its name.
          const of = { archive: folder, member: `${member}${source.slice(file.length)}` };
          if ('reason' in outcome) this.problems.add(outcome.reason, source);
          else if (!this.store.take(of)) this.problems.add(SAME_NAME, source);
          else if (this.store.has(of)) this.known++;
          else yield { name: of, source, game: new GameReader(outcome.record).game(0, 0) };
        }
        if (this.options.stop?.aborted === true) return;
        this.report();
      }
    }
  }

  /** Asks about one game and keeps the answers. @throws EngineGone, or what writing throws */
  private async label({ name, source, game }: Task): Promise<void> {
    const { visits } = this.options;
    const { turns, komi } = choosePositions(game, source, game.komi, this.options);
    if (turns.length === 0) return;
    const labels = new Map<number, Omit<Label, 'game'>>();
    const take = (line: AnswerLine, perspective: Perspective): void => {
      const ply = line.turnNumber as number;
      const toPlay = playerAt(game, ply);
      try {
        if (line.noResults === true) throw new AnswerError('no results');
        labels.set(ply, { ply, komi, toPlay, ...readJudgement(line, toPlay, perspective) });
      } catch (error) {
        if (!(error instanceof AnswerError)) throw error;
        this.problems.add(`an answer that is none: ${error.message}`, `${source}, move ${ply}`);
      }
    };
    try {
      await this.keeper.ask(makeQuery(game, turns, { komi, visits }), take);
    } catch (error) {
      if (!(error instanceof AnalysisError)) throw error;
      if (this.options.kill?.aborted === true) return;
      this.problems.add(`a query that failed: ${error.message}`, source);
    }
    // What an engine answered before a query failed is good all the same.
    const kept = [...labels.values()].toSorted((a, b) => a.ply - b.ply);
    if (kept.length === 0) return;
    this.store.add(name, kept);
    this.games++;
    this.positions += kept.length;
    this.report();
  }

  private note(kind: NoteKind, text: string): void {
    const kinds = { warning: 'a warning', error: 'an error of no query', noise: 'output that is no answer' };
    this.problems.add(kinds[kind], text);
  }

  private report(): void {
    this.options.onProgress?.(this.counts());
  }

  private counts(): LabelCounts {
    const { games, positions, known, files, total } = this;
    const { restarts } = this.keeper;
    return { games, positions, known, files, total, restarts, problems: this.problems.list() };
  }
}

/** Files of all paths. @returns undefined if stopped before */
const countFiles = async (paths: readonly string[], stop: AbortSignal): Promise<number | undefined> => {
  let count = 0;
  for (const path of paths) {
    for await (const _ of readRecords(path)) {
      if (stop.aborted) return undefined;
      count++;
    }
  }
  return count;
};
