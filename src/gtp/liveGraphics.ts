/** What GoGui draws while a move is thought about: it comes on stderr, marked `gogui-gfx:` (GoGui's manual, "Live Graphics"). */
import type { Analysis } from '../../engine/analysis.ts';
import { makeVertex } from '../../engine/coords.ts';
import type { Game } from '../../engine/game.ts';
import { BLACK, opposite, type Color, type Point } from '../../engine/types.ts';
import { heatColor, heatOf } from '../draw/heat.ts';
import type { LiveGraphics } from './settings.ts';

/** Milliseconds between drawings. */
export const LIVE_EVERY_MS = 500;

/** Takes the drawing away. */
export const LIVE_END = 'gogui-gfx: CLEAR';

const percent = (value: number): string => (50 * (1 + value)).toFixed(0);

const hex = (rgb: readonly number[]): string =>
  `#${rgb.map(part => part.toString(16).padStart(2, '0')).join('')}`;

/** Lines with the points of each color: `COLOR #rrggbb A1 B2`. */
export const makeColorLines = (points: Iterable<readonly [vertex: string, heat: number]>): string[] => {
  const vertices = new Map<string, string[]>();
  for (const [vertex, heat] of points) {
    const color = hex(heatColor(heat));
    const list = vertices.get(color);
    if (list) list.push(vertex);
    else vertices.set(color, [vertex]);
  }
  return Array.from(vertices, ([color, list]) => `COLOR ${color} ${list.join(' ')}`);
};

/** A line of moves as numbered stones, the first by `color`: `VAR b D4 w Q16`. */
export const makeVariation = (game: Game, color: Color, line: readonly Point[]): string =>
  `VAR ${line
    .map(
      (point, i) =>
        `${(i % 2 === 0 ? color : opposite(color)) === BLACK ? 'b' : 'w'} ${makeVertex(point, game)}`,
    )
    .join(' ')}`;

/** What the search thinks of the whole, in a sentence for the status bar. */
export const makeStatus = ({ visits, value, lead }: Analysis): string =>
  [
    `${visits} visits`,
    ...(value === undefined ? [] : [`win rate ${percent(value)} %`]),
    ...(lead === undefined ? [] : [`lead ${lead.toFixed(1)}`]),
  ].join(', ');

/** Candidates on the board, the redder the more they were visited, with a label each. */
export const makeCandidateLines = (
  game: Game,
  { candidates }: Analysis,
  label: 'winrate' | 'visits',
): string[] => {
  const shown = candidates.filter(({ point, visits }) => visits > 0 && game.board.indexOf[point] >= 0);
  // The bare policy visits each once.
  const isSearched = shown.some(({ visits }) => visits > 1);
  const weights = shown.map(({ visits, prior }) => (isSearched ? visits : prior));
  const most = Math.max(...weights);
  const labels = shown.flatMap(({ point, visits, value }) => {
    const text = label === 'visits' ? String(visits) : value === undefined ? undefined : percent(value);
    return text === undefined ? [] : [`${makeVertex(point, game)} ${text}`];
  });
  return [
    ...makeColorLines(shown.map(({ point }, i) => [makeVertex(point, game), heatOf(weights[i], most)])),
    ...(labels.length > 0 ? [`LABEL ${labels.join(' ')}`] : []),
  ];
};

/** Ownership as gray squares, + for Black. */
const makeInfluence = (game: Game, color: Color, ownership: Float32Array): string =>
  `INFLUENCE ${Array.from(ownership, (owner, i) => `${makeVertex(game.board.points[i], game)} ${(color === BLACK ? owner : -owner).toFixed(2)}`).join(' ')}`;

/** The drawing of an analysis with `color` to move, as one message for stderr; it ends with an empty line. */
export const makeLiveDrawing = (
  game: Game,
  color: Color,
  analysis: Analysis,
  kind: Exclude<LiveGraphics, 'none'>,
): string => {
  const { candidates, ownership } = analysis;
  const lines = ['gogui-gfx:'];
  if (kind === 'winrates') lines.push(...makeCandidateLines(game, analysis, 'winrate'));
  else if (kind === 'ownership') {
    if (ownership) lines.push(makeInfluence(game, color, ownership));
  } else if (candidates.length > 0) lines.push(makeVariation(game, color, candidates[0].line));
  return [...lines, `TEXT ${makeStatus(analysis)}`, ''].join('\n');
};
