/** What an overlay puts on the points of the board: colors, sizes and texts of a {@link PositionAnalysis}. */
import { pointAt } from '../../../engine/coords.ts';
import type { Game } from '../../../engine/game.ts';
import { BLACK, EMPTY, WHITE } from '../../../engine/types.ts';
import { LEAST_HEAT, heatColor, heatOf } from '../../draw/heat.ts';
import type { CandidateInfo, PositionAnalysis } from '../../server/protocol/messages.ts';
import { placeOf, vertexOf, type Place } from './geometry.ts';
import { shortCount, shortPercent } from './numbers.ts';
import { isOf, ownWinrate, type Overlay } from './overlay.ts';

/** One point of an overlay. */
export interface Mark extends Place {
  /** heat: a soft colored disc under the number. disc: a solid one. square: a small square, whatever lies there. */
  readonly shape: 'heat' | 'disc' | 'square';
  /** As CSS has it. */
  readonly color: string;
  /** 0 to 1. */
  readonly opacity: number;
  /** Side or diameter, in vertices. */
  readonly size: number;
  readonly label?: string | undefined;
  /** Color of the label. */
  readonly ink: string;
  /** Whether it is the best, or the likeliest. */
  readonly isBest: boolean;
}

/** Part of a vertex that a disc or the largest heat takes. */
const DISC = 0.92;

/** The strongest square of ownership, and the least that is still drawn. */
const LARGEST_SQUARE = 0.46;
const LEAST_OWNERSHIP = 0.08;

/** A stone counts as lost where its point goes to the other side by this much. */
const LOST = 0.5;

/** A win rate that is lower than the best by this much has the last color. */
export const WORST_LOSS = 0.15;

/** From the best move's color over green and yellow to red, light enough all for black digits. */
const LOSS_STOPS = [
  [110, 205, 235],
  [135, 210, 120],
  [245, 215, 95],
  [240, 125, 95],
] as const;

const DARK = '#151515';
const LIGHT = '#fdfdfd';
/** Digits on colors and on wood. */
const INK = '#1c1206';

const css = ([red, green, blue]: readonly [number, number, number]): string => `rgb(${red} ${green} ${blue})`;

/** The color of a candidate that is worse than the best by a part of win rate from 0 to 1. */
export const lossColor = (loss: number): string => {
  const at = Math.sqrt(Math.min(1, Math.max(0, loss / WORST_LOSS))) * (LOSS_STOPS.length - 1);
  const i = Math.min(LOSS_STOPS.length - 2, Math.floor(at));
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(LOSS_STOPS[i][channel] + (LOSS_STOPS[i + 1][channel] - LOSS_STOPS[i][channel]) * (at - i));
  return css([mix(0), mix(1), mix(2)]);
};

/** The color of a part of the largest from 0 to 1, as CSS. */
export const heatCss = (heat: number): string => css(heatColor(heat));

/**
 * The marks of an overlay; none without an analysis of this board, or where it does not have what the overlay shows.
 * @param showNumbers whether heat and ownership have labels
 */
export const overlayMarks = (
  overlay: Overlay,
  analysis: PositionAnalysis | undefined,
  game: Game,
  showNumbers: boolean,
): Mark[] => {
  if (!analysis || !isOf(analysis, game)) return [];
  return MARKS[overlay](analysis, game, showNumbers);
};

/** @param probabilities shape [area] or more; what follows the points is left out */
const heatMarks = (probabilities: readonly number[], game: Game, showNumbers: boolean): Mark[] => {
  const area = game.width * game.height;
  let likeliest = 0;
  for (let i = 1; i < area; i++) if (probabilities[i] > probabilities[likeliest]) likeliest = i;
  const marks: Mark[] = [];
  for (let i = 0; i < area; i++) {
    const probability = probabilities[i];
    const heat = heatOf(probability, probabilities[likeliest]);
    if (heat < LEAST_HEAT) continue;
    marks.push({
      ...placeOfIndex(i, game),
      shape: 'heat',
      color: heatCss(heat),
      opacity: 0.3 + 0.62 * heat,
      size: DISC,
      label: showNumbers ? shortPercent(probability) : undefined,
      ink: INK,
      isBest: i === likeliest,
    });
  }
  return marks;
};

const visitMarks = (candidates: readonly CandidateInfo[], game: Game): Mark[] => {
  const most = Math.max(0, ...candidates.map(({ visits }) => visits));
  return candidates.flatMap(({ vertex, visits }): Mark[] => {
    const place = placeOf(vertex, game);
    if (!place || visits === 0) return [];
    const share = heatOf(visits, most);
    return [
      {
        ...place,
        shape: 'disc',
        color: heatCss(share),
        opacity: 0.55 + 0.4 * share,
        size: DISC,
        label: shortCount(visits),
        ink: INK,
        isBest: visits === most,
      },
    ];
  });
};

const winrateMarks = ({ candidates, toPlay }: PositionAnalysis, game: Game): Mark[] => {
  const known = candidates.flatMap(({ vertex, winrate }) =>
    winrate === undefined ? [] : [{ vertex, own: ownWinrate(winrate, toPlay) }],
  );
  // The search's first choice is the measure: a move looked at once may show any number.
  const best = known[0]?.own ?? 0;
  return known.flatMap(({ vertex, own }, i): Mark[] => {
    const place = placeOf(vertex, game);
    if (!place) return [];
    return [
      {
        ...place,
        shape: 'disc',
        color: lossColor(best - own),
        opacity: 0.95,
        size: DISC,
        label: (own * 100).toFixed(0),
        ink: INK,
        isBest: i === 0,
      },
    ];
  });
};

/** @param ownership Black's view, shape [area] */
const ownershipMarks = (ownership: readonly number[], game: Game, showNumbers: boolean): Mark[] => {
  const marks: Mark[] = [];
  for (let i = 0; i < ownership.length; i++) {
    const value = ownership[i];
    const strength = Math.min(1, Math.abs(value));
    if (strength < LEAST_OWNERSHIP) continue;
    const place = placeOfIndex(i, game);
    const owner = value > 0 ? BLACK : WHITE;
    // A square of a stone's own color on it says nothing.
    if (game.board.stones[pointAt(place.x, place.y, game.width)] === owner) continue;
    marks.push({
      ...place,
      shape: 'square',
      color: owner === BLACK ? DARK : LIGHT,
      opacity: 0.45 + 0.5 * strength,
      size: showNumbers ? 0.7 : LARGEST_SQUARE * Math.sqrt(strength),
      label: showNumbers ? (strength * 100).toFixed(0) : undefined,
      ink: owner === BLACK ? LIGHT : DARK,
      isBest: false,
    });
  }
  return marks;
};

const MARKS: Readonly<
  Record<Overlay, (analysis: PositionAnalysis, game: Game, showNumbers: boolean) => Mark[]>
> = {
  none: () => [],
  policy: ({ policy }, game, showNumbers) => heatMarks(policy, game, showNumbers),
  expert: ({ expert }, game, showNumbers) => (expert ? heatMarks(expert, game, showNumbers) : []),
  visits: ({ candidates }, game) => visitMarks(candidates, game),
  winrate: winrateMarks,
  ownership: ({ ownership }, game, showNumbers) =>
    ownership ? ownershipMarks(ownership, game, showNumbers) : [],
};

const placeOfIndex = (index: number, { width }: Game): Place => ({
  x: index % width,
  y: Math.floor(index / width),
});

/** The stones that the ownership of an analysis gives to the other side; none without it. */
export const lostStones = (analysis: PositionAnalysis | undefined, game: Game): string[] => {
  const { ownership } = analysis ?? {};
  if (!analysis || !ownership || !isOf(analysis, game)) return [];
  const { width, board } = game;
  const lost: string[] = [];
  for (let i = 0; i < ownership.length; i++) {
    const place = placeOfIndex(i, game);
    const stone = board.stones[pointAt(place.x, place.y, width)];
    if (stone === EMPTY) continue;
    if ((stone === BLACK ? -ownership[i] : ownership[i]) >= LOST) lost.push(vertexOf(place, game));
  }
  return lost;
};
