/** Searches every position of a game, from the first to the last. The tree goes along: what was found out before is not lost. */
import type { Analysis, Candidate } from '../../../engine/analysis.ts';
import { makeVertex, policyIndexOf } from '../../../engine/coords.ts';
import type { Game } from '../../../engine/game.ts';
import { RULE_SETS } from '../../../engine/rules.ts';
import { BLACK, EMPTY, WHITE, type Color, type Move } from '../../../engine/types.ts';
import type { Outcome } from '../../search/messages.ts';
import { nextPlayer, type GameRecord } from '../../sgf/record.ts';
import { startGame } from '../../sgf/replay.ts';
import type { Thinker } from '../engine.ts';
import { makeOwnershipText } from './ownershipText.ts';
import {
  MOST_CANDIDATES,
  REVIEW_VERSION,
  type Review,
  type ReviewCandidate,
  type ReviewGame,
  type ReviewMove,
  type ReviewPosition,
  type ReviewSettings,
} from './review.ts';

export interface ReviewOptions {
  readonly settings: ReviewSettings;
  /** Names the record: see {@link Review.source}. */
  readonly source: string;
  /** RE as the record has it. */
  readonly result: string | undefined;
  /** Called after each position. */
  readonly onPosition?: (positions: number) => void;
  /** Breaks off. */
  readonly signal?: AbortSignal;
}

/** A review was broken off by its signal. */
export class ReviewAborted extends Error {
  constructor() {
    super('the review was broken off');
    this.name = 'ReviewAborted';
  }
}

/**
 * Reviews the main line. A move that cannot be played ends it there and becomes one of the game's problems.
 * @throws ReviewAborted; SgfError if the set-up is impossible; whatever the search fails with
 */
export const reviewGame = async (
  thinker: Thinker,
  record: GameRecord,
  options: ReviewOptions,
): Promise<Review> => {
  const { settings, source, result, onPosition, signal } = options;
  const game = startGame(record);
  const problems = [...record.problems];
  const positions: ReviewPosition[] = [];
  const moves: ReviewMove[] = [];
  const setup = setupOf(game);
  await thinker.configure({ seed: settings.seed });
  for (let i = 0; i <= record.moves.length; i++) {
    const move = record.moves[i];
    game.toPlay = move?.color ?? (i === 0 ? game.toPlay : nextPlayer(record));
    const outcome = await thinker.think(game, { visits: settings.visits }, signal ? { signal } : {});
    if (signal?.aborted) throw new ReviewAborted();
    positions.push(makePosition(game, outcome));
    onPosition?.(positions.length);
    if (i > 0) moves[i - 1] = withLoss(moves[i - 1], positions[i - 1], positions[i]);
    if (!move) break;
    const reason = game.whyUnplayable(move.point, move.color);
    if (reason !== undefined) {
      const vertex = makeVertex(move.point, game);
      problems.push(`move ${i + 1}, ${vertex}, cannot be played (${reason}): the rest is left out`);
      break;
    }
    moves.push({ ...playOn(game, move), rank: rankOf(game, outcome, move) });
  }
  return {
    version: REVIEW_VERSION,
    source,
    settings,
    game: { ...describe(record, game), result, setup, problems },
    positions,
    moves,
  };
};

/** Plays a move. */
const playOn = (game: Game, { point, color }: Move): Omit<ReviewMove, 'rank'> => {
  const { board } = game;
  const before = board.stones.slice();
  game.play(point, color);
  const captures = Array.from(board.points).filter(
    at => board.stones[at] === EMPTY && (before[at] !== EMPTY || at === point),
  );
  return {
    color: letter(color),
    move: makeVertex(point, game),
    captures: captures.map(at => makeVertex(at, game)),
  };
};

/** @param game after the move */
const rankOf = (game: Game, { analysis, evaluation }: Outcome, { point }: Move): number => {
  const visited = analysis.candidates.findIndex(candidate => candidate.point === point);
  if (visited >= 0) return visited + 1;
  const seen = new Set(analysis.candidates.map(candidate => policyIndexOf(candidate.point, game)));
  const policy = evaluation?.policy ?? new Float32Array(0);
  const prior = policy[policyIndexOf(point, game)] ?? 0;
  const likelier = policy.filter((other, i) => !seen.has(i) && other > prior).length;
  return seen.size + likelier + 1;
};

const withLoss = (move: ReviewMove, before: ReviewPosition, after: ReviewPosition): ReviewMove => ({
  ...move,
  pointsLost: lossOf(before.lead, after.lead, move.color, 100),
  winrateLost: lossOf(before.winrate, after.winrate, move.color, 10_000),
});

const lossOf = (
  before: number | undefined,
  after: number | undefined,
  color: 'B' | 'W',
  digits: number,
): number | undefined =>
  before === undefined || after === undefined
    ? undefined
    : round(color === 'B' ? before - after : after - before, digits);

const makePosition = (game: Game, { analysis }: Outcome): ReviewPosition => {
  const sign = game.toPlay === BLACK ? 1 : -1;
  const { ownership } = analysis;
  return {
    toPlay: letter(game.toPlay),
    visits: analysis.visits,
    ...chancesOf(analysis, sign),
    candidates: analysis.candidates
      .slice(0, MOST_CANDIDATES)
      .map(candidate => makeCandidate(game, candidate, sign)),
    ...(ownership ? { ownership: makeOwnershipText(ownership.map(owner => sign * owner)) } : {}),
  };
};

const makeCandidate = (game: Game, candidate: Candidate, sign: number): ReviewCandidate => ({
  move: makeVertex(candidate.point, game),
  visits: candidate.visits,
  prior: round(candidate.prior, 10_000),
  ...chancesOf(candidate, sign),
  line: candidate.line.map(point => makeVertex(point, game)),
});

/** From the view of the player to move to Black's. */
const chancesOf = (
  { value, lead }: Pick<Analysis, 'value' | 'lead'>,
  sign: number,
): Pick<ReviewPosition, 'winrate' | 'lead'> => ({
  ...(value === undefined ? {} : { winrate: round((1 + sign * value) / 2, 10_000) }),
  ...(lead === undefined ? {} : { lead: round(sign * lead, 100) }),
});

const round = (value: number, digits: number): number => Math.round(value * digits) / digits;

const letter = (color: Color): 'B' | 'W' => (color === BLACK ? 'B' : 'W');

const setupOf = (game: Game): ReviewGame['setup'] => {
  const of = (color: Color): string[] =>
    game.setupStones.filter(stone => stone.color === color).map(({ point }) => makeVertex(point, game));
  return { black: of(BLACK), white: of(WHITE) };
};

const describe = (record: GameRecord, game: Game): Omit<ReviewGame, 'result' | 'setup' | 'problems'> => ({
  black: record.black ?? 'Black',
  white: record.white ?? 'White',
  blackRank: record.blackRank,
  whiteRank: record.whiteRank,
  date: record.date,
  rules: Object.entries(RULE_SETS).find(([, rules]) => rules === record.rules)?.[0],
  komi: game.komi,
  width: game.width,
  height: game.height,
});
