/** From a position of a dataset to one slot of a batch: planes, komi and what there is to learn from it. */
import type { Game } from '../../engine/game.ts';
import { policyIndexOf } from '../../engine/coords.ts';
import { PASS, opposite, type Color } from '../../engine/types.ts';
import { encode, encodeColor } from '../../features/encode.ts';
import { COLOR, VALUE_PLANES } from '../../features/planes.ts';
import { encodeKomi } from '../../features/scales.ts';
import { symmetryMap } from '../../features/symmetry.ts';
import { PLANE_SIZE, TARGET_SIZES, type Batch } from './batch.ts';
import type { Dataset } from './data/dataset.ts';
import { komiToTell } from './data/komi.ts';
import { tellingWinner } from './data/tellingResult.ts';
import type { Draw } from './sampler.ts';

const BOARD = { width: 19, height: 19 } as const;

export interface FillOptions {
  /** What the result of an even game counts as a winning chance, beside a teacher's 1. */
  readonly resultWeight: number;
  /** Whether the policy, too, learns the human's move where there is no label. */
  readonly policyFromMoves: boolean;
}

/**
 * Fills slot `slot`, all of whose fields are 0 before.
 * @param game scratch of 19x19; left at the position
 */
export const fillPosition = (
  batch: Batch,
  slot: number,
  dataset: Dataset,
  draw: Draw,
  game: Game,
  options: FillOptions,
): void => {
  const { label } = draw;
  dataset.replayInto(game, draw.game, draw.ply);
  if (label >= 0) game.toPlay = dataset.labels.toPlay(label);
  const { toPlay } = game;
  const map = symmetryMap(draw.symmetry, BOARD);
  const planes = batch.planes.length / (batch.komi.length * PLANE_SIZE);
  const start = slot * planes * PLANE_SIZE;
  encode(game, batch.planes, start, draw.symmetry);
  if (planes === VALUE_PLANES) encodeColor(game, batch.planes, start + COLOR * PLANE_SIZE);
  const komi = label >= 0 ? dataset.labels.komi(label) : komiToTell(dataset.komi(draw.game));
  batch.komi[slot] = encodeKomi(komi, toPlay);
  if (dataset.isHuman(draw.game)) fillMoves(batch, slot, dataset, draw, toPlay, map);
  if (label >= 0) fillLabel(batch, slot, dataset, label, map);
  else {
    if (options.policyFromMoves && batch.expertWeight[slot] > 0) copyExpert(batch, slot);
    fillResult(batch, slot, dataset, draw.game, toPlay, options.resultWeight);
  }
};

/** The human's move, and the opponent's reply to it. */
const fillMoves = (
  batch: Batch,
  slot: number,
  dataset: Dataset,
  { game, ply }: Draw,
  toPlay: Color,
  map: Int16Array,
): void => {
  const count = dataset.moveCount(game);
  if (ply >= count) return;
  const move = dataset.moveAt(game, ply);
  if (move.color !== toPlay || move.point === PASS) return;
  batch.expert[slot * TARGET_SIZES.expert + map[policyIndexOf(move.point, BOARD)]] = 1;
  batch.expertWeight[slot] = 1;
  if (ply + 1 >= count) return;
  const reply = dataset.moveAt(game, ply + 1);
  if (reply.color !== opposite(toPlay) || reply.point === PASS) return;
  batch.reply[slot * TARGET_SIZES.reply + map[policyIndexOf(reply.point, BOARD)]] = 1;
  batch.replyWeight[slot] = 1;
};

const fillLabel = (batch: Batch, slot: number, { labels }: Dataset, label: number, map: Int16Array): void => {
  labels.policy(label, map, batch.policy, slot * TARGET_SIZES.policy);
  labels.ownership(label, map, batch.ownership, slot * TARGET_SIZES.ownership);
  batch.chance[slot] = labels.chance(label);
  batch.lead[slot] = labels.lead(label);
  batch.policyWeight[slot] = 1;
  batch.ownershipWeight[slot] = 1;
  batch.chanceWeight[slot] = 1;
  batch.leadWeight[slot] = 1;
};

const copyExpert = (batch: Batch, slot: number): void => {
  const { expert } = TARGET_SIZES;
  batch.policy.set(batch.expert.subarray(slot * expert, (slot + 1) * expert), slot * TARGET_SIZES.policy);
  batch.policyWeight[slot] = 1;
};

/** Who won, where that tells something of the position. */
const fillResult = (
  batch: Batch,
  slot: number,
  dataset: Dataset,
  game: number,
  toPlay: Color,
  weight: number,
): void => {
  const winner = tellingWinner(dataset, game);
  if (winner === undefined) return;
  batch.chance[slot] = winner === toPlay ? 1 : 0;
  batch.chanceWeight[slot] = weight;
};
