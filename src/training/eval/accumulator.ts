/** Scores of positions, added up: over all, by move number, by rank. */
import { Calibrator, type Calibration } from './calibration.ts';
import { ClusteredMean, type Figure } from './clusteredMean.ts';
import { METRICS, type MetricName, type Target } from './metrics.ts';

/** A figure for each measure that had something to measure. */
export type Figures = Readonly<Partial<Record<MetricName, Figure>>>;

/** The means alone, for logs and curves. */
export const meansOf = (figures: Figures): Partial<Record<MetricName, number>> =>
  Object.fromEntries(Object.entries(figures).map(([name, { mean }]) => [name, mean]));

/** Figures of a part of the positions. */
export interface FigureRow {
  /** "60-89", "6d". */
  readonly label: string;
  readonly figures: Figures;
}

/** All that is measured of one network. */
export interface NetworkFigures {
  readonly network: string;
  readonly overall: Figures;
  readonly byMove: readonly FigureRow[];
  readonly byRank: readonly FigureRow[];
  /** Of the winning chance, against results and against the teacher's. */
  readonly calibration: {
    readonly result: Calibration | undefined;
    readonly teacher: Calibration | undefined;
  };
}

/** First moves played of each part of a game; the last part has no end. */
export const MOVE_STARTS = [0, 20, 40, 60, 90, 120, 150, 180, 210, 240] as const;

/** The part of a game that a position after `ply` moves is in. */
export const movePartOf = (ply: number): number => MOVE_STARTS.findLastIndex(start => ply >= start);

/** "60-89", "240+". */
export const movePartName = (part: number): string =>
  part === MOVE_STARTS.length - 1
    ? `${MOVE_STARTS[part]}+`
    : `${MOVE_STARTS[part]}-${MOVE_STARTS[part + 1] - 1}`;

export class Accumulator {
  private readonly network: string;
  private readonly overall = new Means();
  private readonly byMove = MOVE_STARTS.map(() => new Means());
  private readonly byRank = new Map<string, Means>();
  private readonly results = new Calibrator();
  private readonly teacher = new Calibrator();

  constructor(network: string) {
    this.network = network;
  }

  /** Positions of one game have to follow each other. @param scores as scorePosition writes them */
  add(
    position: { readonly number: number; readonly ply: number; readonly rank: string | undefined },
    scores: Float64Array,
  ): void {
    const { number, ply, rank } = position;
    this.overall.add(number, scores);
    this.byMove[movePartOf(ply)].add(number, scores);
    if (rank === undefined) return;
    let means = this.byRank.get(rank);
    if (!means) this.byRank.set(rank, (means = new Means()));
    means.add(number, scores);
  }

  /** @param value of the network, in [-1, 1] */
  addForecast(
    value: number,
    { toPlay, winner, teacher }: Pick<Target, 'toPlay' | 'winner' | 'teacher'>,
  ): void {
    const forecast = (value + 1) / 2;
    if (winner !== undefined) this.results.add(forecast, winner === toPlay ? 1 : 0);
    if (teacher) this.teacher.add(forecast, teacher.chance);
  }

  figures(): NetworkFigures {
    const parts = this.byMove.map((means, i) => ({ label: movePartName(i), figures: means.figures() }));
    const ranks = [...this.byRank].map(([label, means]) => ({ label, figures: means.figures() }));
    return {
      network: this.network,
      overall: this.overall.figures(),
      byMove: parts.filter(({ figures }) => Object.keys(figures).length > 0),
      byRank: ranks
        .filter(({ figures }) => Object.keys(figures).length > 0)
        .toSorted((a, b) => orderOfRank(a.label) - orderOfRank(b.label)),
      calibration: { result: this.results.calibration(), teacher: this.teacher.calibration() },
    };
  }
}

/** Differences of two networks on the same positions, where both have a score. */
export class DifferenceAccumulator {
  private readonly means = new Means();
  private readonly scores = new Float64Array(METRICS.length);

  add(game: number, first: Float64Array, second: Float64Array): void {
    for (let i = 0; i < METRICS.length; i++) this.scores[i] = first[i] - second[i];
    this.means.add(game, this.scores);
  }

  figures(): Figures {
    return this.means.figures();
  }
}

/** A mean for each measure. */
class Means {
  private readonly means = METRICS.map(() => new ClusteredMean());

  /** @param scores NaN where there is none */
  add(game: number, scores: Float64Array): void {
    for (let i = 0; i < METRICS.length; i++) if (!Number.isNaN(scores[i])) this.means[i].add(game, scores[i]);
  }

  figures(): Figures {
    const entries = METRICS.map(({ name }, i) => [name, this.means[i].figure()] as const);
    return Object.fromEntries(entries.filter(([, figure]) => figure !== undefined)) as Figures;
  }
}

/** Kyu, dan, professional; weakest first. */
const orderOfRank = (rank: string): number => {
  const number = Number.parseInt(rank, 10);
  return rank.endsWith('k') ? -number : rank.endsWith('p') ? 100 + number : number;
};
