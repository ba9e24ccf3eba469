/** Positions to measure a network on, drawn from a dataset: some where a human moved, some that a teacher labelled. */
import { policyIndexOf } from '../../../engine/coords.ts';
import { Game } from '../../../engine/game.ts';
import { Random } from '../../../engine/random.ts';
import { PASS, type Color } from '../../../engine/types.ts';
import type { Dataset, Split } from '../data/dataset.ts';
import { BOARD, type StoredGame } from '../data/gameRecord.ts';
import { komiToTell } from '../data/komi.ts';
import { makeRank } from '../data/rank.ts';
import { tellingWinner } from '../data/tellingResult.ts';

/** A position as a source hands it out. The same object each time: what is in it holds until the next is asked for. */
export interface EvalPosition {
  /** With the komi that the network is to be told. */
  readonly game: Game;
  /** Which game it is of; positions of one game follow each other. */
  readonly number: number;
  /** Policy index of the human's move; -1 where there is none, or it was a pass. */
  readonly next: number;
  /** Undefined where it tells nothing of the position (../data/tellingResult.ts). */
  readonly winner: Color | undefined;
  /** Points the winner won by, if they were counted. */
  readonly margin: number | undefined;
  /** Of the player to move: "6d". */
  readonly rank: string | undefined;
  /** What the teacher said; undefined without a label. */
  readonly teacher: { readonly labels: Dataset['labels']; readonly index: number } | undefined;
}

export interface PositionSource {
  /** How many there are. */
  readonly total: number;
  positions(): Iterable<EvalPosition>;
}

export interface SourceOptions {
  /** All games if left out. */
  readonly split?: Split | undefined;
  /** Positions in which a human moved, at most. */
  readonly positions: number;
  /** Positions with a label, at most. */
  readonly labels: number;
  readonly seed: number;
}

interface Place {
  readonly game: number;
  readonly ply: number;
  /** -1 without one. */
  readonly label: number;
}

/**
 * Positions drawn evenly from all of a kind, in order of game and move. Human moves and results are looked at in the first
 * kind only, labels in the second, so that each figure is of an even sample.
 */
export const datasetPositions = (dataset: Dataset, options: SourceOptions): PositionSource => {
  const { split, positions, labels, seed } = options;
  const games =
    split === undefined ? Int32Array.from({ length: dataset.games }, (_, i) => i) : dataset.gamesOf(split);
  const places = [
    ...drawPlaces(
      games.filter(game => dataset.isHuman(game)),
      game => [0, dataset.moveCount(game)],
      positions,
      new Random(seed),
    ).map(([game, ply]): Place => ({ game, ply, label: -1 })),
    ...drawPlaces(games, game => dataset.labelRange(game), labels, new Random(seed + 1)).map(
      ([game, label]): Place => ({ game, ply: dataset.labels.ply(label), label }),
    ),
  ].toSorted((a, b) => a.game - b.game || a.ply - b.ply);
  return { total: places.length, positions: () => visit(dataset, places) };
};

/** An even sample of what all games have, in order. @param rangeOf first and one past the last of a game's numbers */
const drawPlaces = (
  games: Int32Array,
  rangeOf: (game: number) => readonly [number, number],
  count: number,
  random: Random,
): (readonly [game: number, number: number])[] => {
  let left = games.reduce((sum, game) => sum + rangeOf(game)[1] - rangeOf(game)[0], 0);
  const places: (readonly [number, number])[] = [];
  for (const game of games) {
    const [first, end] = rangeOf(game);
    // Selection sampling (Knuth, The Art of Computer Programming, 3.4.2, algorithm S).
    for (let number = first; number < end; number++, left--)
      if (random.float() * left < count - places.length) places.push([game, number]);
  }
  return places;
};

function* visit(dataset: Dataset, places: readonly Place[]): Generator<EvalPosition> {
  const game = new Game(BOARD);
  let stored: StoredGame | undefined;
  for (const place of places) {
    if (stored?.index !== place.game) stored = dataset.game(place.game);
    dataset.replayInto(game, place.game, place.ply);
    yield place.label < 0
      ? humanPosition(dataset, game, stored, place.ply)
      : labelledPosition(dataset, game, stored, place.label);
  }
}

const humanPosition = (dataset: Dataset, game: Game, stored: StoredGame, ply: number): EvalPosition => {
  const { komi, result, blackRank, whiteRank } = stored;
  game.komi = komiToTell(komi);
  const { point } = stored.moves[ply];
  const winner = tellingWinner(dataset, stored.index);
  return {
    game,
    number: stored.index,
    next: point === PASS ? -1 : policyIndexOf(point, game),
    winner,
    margin: winner !== undefined && result && 'margin' in result ? result.margin : undefined,
    rank: rankOf(game.toPlay === 1 ? blackRank : whiteRank),
    teacher: undefined,
  };
};

const labelledPosition = (dataset: Dataset, game: Game, stored: StoredGame, index: number): EvalPosition => {
  const { labels } = dataset;
  game.toPlay = labels.toPlay(index);
  game.komi = labels.komi(index);
  return {
    game,
    number: stored.index,
    next: -1,
    winner: undefined,
    margin: undefined,
    rank: rankOf(game.toPlay === 1 ? stored.blackRank : stored.whiteRank),
    teacher: { labels, index },
  };
};

const rankOf = (rank: number | undefined): string | undefined =>
  rank === undefined ? undefined : makeRank(rank);
