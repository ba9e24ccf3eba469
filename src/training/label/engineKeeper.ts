/**
 * Keeps an analysis engine running. When it ends or hangs it is started anew, and the queries it was busy with are asked again
 * one at a time: whichever ends it once more is to blame, and the others are not lost.
 */
import { BLACK, WHITE } from '../../../engine/types.ts';
import { AnswerError, findPerspective, type AnswerLine, type Perspective } from './analysisAnswer.ts';
import { AnalysisEngine, AnalysisError, type EngineOptions } from './analysisEngine.ts';
import { WON_BY_BLACK, makeQuery, playerAt, type AnalysisQuery } from './analysisQuery.ts';

export interface KeeperOptions extends EngineOptions {
  /** How long an engine may take to load its network and answer the first query. */
  readonly startMs: number;
  readonly visits: number;
  /** Told what is worth knowing, in words. */
  readonly warn: (message: string) => void;
}

/** An engine that does no work: it cannot be started, or ends again and again. Nothing more can be asked. */
export class EngineGone extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngineGone';
  }
}

/** An engine that ends so often without one answer between is given up. */
const MOST_ENDS = 5;
/** Chances of a query that is asked alone. */
const LONE_TRIES = 2;

interface Running {
  readonly engine: AnalysisEngine;
  readonly perspective: Perspective;
}

export class EngineKeeper {
  /** Times the engine was started anew. */
  restarts = 0;
  private readonly options: KeeperOptions;
  private running: Promise<Running> | undefined;
  /** The engine that was started last, also while it loads and nobody can ask it yet. */
  private latest: AnalysisEngine | undefined;
  private endsInARow = 0;
  /** Queries that were under way when an engine ended; while there are any, nothing else is asked. */
  private suspects = 0;
  private line: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(options: KeeperOptions) {
    this.options = options;
  }

  /**
   * Asks a query, through restarts if need be; no turn is answered twice.
   * @param onAnswer called with each answer and from whose view it is
   * @throws AnalysisError what failed is this query @throws EngineGone
   */
  async ask(
    query: AnalysisQuery,
    onAnswer: (line: AnswerLine, perspective: Perspective) => void,
  ): Promise<void> {
    const open = new Set(query.analyzeTurns);
    const once = async (isSuspect: boolean): Promise<void> => {
      const { engine, perspective } = await this.engine(isSuspect);
      const rest = { ...query, analyzeTurns: query.analyzeTurns.filter(turn => open.has(turn)) };
      await engine.ask(rest, line => {
        open.delete(line.turnNumber as number);
        this.endsInARow = 0;
        onAnswer(line, perspective);
      });
    };
    try {
      await once(false);
    } catch (error) {
      if (!isEnd(error) || this.closed) throw error;
      await this.askAlone(once);
    }
  }

  /** Ends the engine, also one that is still starting; what is under way fails. */
  async close(): Promise<void> {
    this.closed = true;
    await this.latest?.close();
    await this.running?.catch(() => undefined);
  }

  /** Ends the engine at once, also one that is still starting. */
  kill(): void {
    this.closed = true;
    this.latest?.kill();
  }

  /** Waits for the other suspects, then asks until it is answered or has had its chances. */
  private askAlone(once: (isSuspect: boolean) => Promise<void>): Promise<void> {
    this.suspects++;
    const retry = async (tries: number): Promise<void> => {
      try {
        await once(true);
      } catch (error) {
        if (!isEnd(error) || this.closed || tries === LONE_TRIES) throw error;
        await retry(tries + 1);
      }
    };
    const done = this.line.then(() => retry(1)).finally(() => this.suspects--);
    this.line = done.catch(() => {});
    return done;
  }

  /** The engine, started if there is none. Whoever is no suspect waits until there are none left. */
  private async engine(isSuspect = false): Promise<Running> {
    if (!isSuspect && this.suspects > 0) {
      await this.line;
      return this.engine();
    }
    const running = await (this.running ??= this.startEngine());
    if (running.engine.isAlive) return running;
    if (this.closed) throw new EngineGone('the engine was closed');
    // Several may find it dead; the first one starts the next.
    if (this.running !== undefined && (await this.running) === running) {
      if (++this.endsInARow > MOST_ENDS)
        throw new EngineGone(`the engine ended ${this.endsInARow} times without an answer between`);
      this.restarts++;
      this.running = running.engine.close().then(() => this.startEngine());
    }
    return this.engine(isSuspect);
  }

  private async startEngine(): Promise<Running> {
    if (this.closed) throw new EngineGone('the engine was closed');
    const engine = new AnalysisEngine(this.options);
    this.latest = engine;
    try {
      return { engine, perspective: await this.findPerspective(engine) };
    } catch (error) {
      engine.kill();
      await engine.close();
      if (error instanceof AnalysisError || error instanceof AnswerError)
        throw new EngineGone(`the engine does not work: ${error.message}`, { cause: error });
      throw error;
    }
  }

  /** Asks about a position whose winner is beyond doubt, with either side to move. */
  private async findPerspective(engine: AnalysisEngine): Promise<Perspective> {
    const { visits, startMs, warn } = this.options;
    const { length } = WON_BY_BLACK.moves;
    const answers = new Map<number, AnswerLine>();
    await engine.ask(
      makeQuery(WON_BY_BLACK, [length - 1, length], { komi: 7.5, visits }),
      line => answers.set(playerAt(WON_BY_BLACK, line.turnNumber as number), line),
      startMs,
    );
    const { chance, ownership } = findPerspective(answers.get(BLACK)!, answers.get(WHITE)!);
    if (this.restarts === 0) {
      for (const [what, view] of Object.entries({ 'win rates': chance, ownership })) {
        if (view === undefined)
          warn(
            `a position that Black has won leaves open from whose view the engine's ${what} are: taken as the player to move's`,
          );
        else if (view !== 'side to move')
          warn(
            `the engine reports ${what} from the view of ${view}, though asked for the side to move: turned round`,
          );
      }
    }
    return { chance: chance ?? 'side to move', ownership: ownership ?? 'side to move' };
  }
}

const isEnd = (error: unknown): boolean =>
  error instanceof AnalysisError && (error.failure === 'crash' || error.failure === 'hang');
