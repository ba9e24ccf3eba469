/** The bare policy of a network as the engine's player. The network may still be loading: then the first answer waits. */
import {
  analyzePolicy,
  listCandidates,
  type Analysis,
  type AnalysisOptions,
  type Evaluation,
} from '../../engine/analysis.ts';
import type { Evaluator } from '../../engine/evaluator.ts';
import type { Game } from '../../engine/game.ts';
import { playoutValue } from '../../engine/judge.ts';
import { choosePolicyMove, type PolicyOptions } from '../../engine/players.ts';
import type { Random } from '../../engine/random.ts';
import { Resignation } from '../../engine/resign.ts';
import { LEVELS } from '../../engine/strength.ts';
import { evaluate, evaluateIn } from '../inference/evaluate.ts';
import { TRAINED_SIZE } from '../inference/resize.ts';
import type { Decision, GenmoveOptions, Player } from './engine.ts';
import type { Settings } from './settings.ts';

/** Candidates told about after a plain genmove. */
const TOLD = 3;

/** Playouts that stand in for a value: few, since they block the thread that reads the input. */
const PLAYOUTS = 60;

/** An evaluator that remembers answers. */
interface Forgetful {
  clear?(): void;
}

export class NetworkPlayer implements Player {
  private readonly loading: Promise<Evaluator & Forgetful>;
  private readonly settings: Settings;
  private readonly random: Random;
  private readonly warn: (message: string) => void;
  private readonly resignation = new Resignation();
  private hasWarned = false;

  /** @param warn called once if boards of another size than the network's are played */
  constructor(
    loading: Promise<Evaluator & Forgetful>,
    settings: Settings,
    random: Random,
    warn: (message: string) => void,
  ) {
    this.loading = loading;
    this.settings = settings;
    this.random = random;
    this.warn = warn;
  }

  async genmove(game: Game, { cleanup, analysis }: GenmoveOptions): Promise<Decision> {
    const evaluator = await this.loading;
    this.warnOfSize(game);
    const evaluation = await this.look(evaluator, game);
    const told = analysis
      ? await analyzePolicy(evaluator, game, evaluation, analysis)
      : listCandidates(game, evaluation, { maxMoves: TOLD });
    if (this.resignation.isDue(game, evaluation, this.settings.resignBelow))
      return { move: 'resign', analysis: told };
    const move = choosePolicyMove(game, evaluation.policy, {
      ...this.options(cleanup),
      isAllowed: analysis?.isAllowed,
    });
    return { move, analysis: told };
  }

  async analyze(game: Game, options: AnalysisOptions): Promise<Analysis> {
    const evaluator = await this.loading;
    this.warnOfSize(game);
    const evaluation = await this.look(evaluator, game);
    return analyzePolicy(evaluator, game, evaluation, options);
  }

  async evaluate(game: Game, symmetry: number | 'mean'): Promise<Evaluation> {
    const evaluator = await this.loading;
    this.warnOfSize(game);
    return symmetry === 'mean' ? evaluate(evaluator, game, 8) : evaluateIn(evaluator, game, [symmetry]);
  }

  async describe(): Promise<{ network: string; maxBatch: number }> {
    const { name, maxBatch } = await this.loading;
    return { network: name, maxBatch };
  }

  clearCache(): void {
    void this.loading.then(evaluator => evaluator.clear?.());
  }

  /** The evaluation; where the network has no value, playouts give one. */
  private async look(evaluator: Evaluator, game: Game): Promise<Evaluation> {
    const evaluation = await evaluate(evaluator, game, this.settings.symmetries);
    return evaluation.value === undefined
      ? { ...evaluation, ...playoutValue(game, { playouts: PLAYOUTS }) }
      : evaluation;
  }

  private options(cleanup: boolean): PolicyOptions {
    const { strength, temperature } = this.settings;
    const level = temperature === undefined ? LEVELS[strength - 1] : { temperature };
    return { ...level, random: this.random, cleanup };
  }

  private warnOfSize({ width, height }: Game): void {
    if (this.hasWarned || (width === TRAINED_SIZE && height === TRAINED_SIZE)) return;
    this.hasWarned = true;
    this.warn(`the network learned on ${TRAINED_SIZE}x${TRAINED_SIZE}: it is weaker on ${width}x${height}`);
  }
}
