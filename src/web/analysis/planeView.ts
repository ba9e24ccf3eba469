/** The 48 planes of a position, ready to be drawn. */
import type { Game } from '../../../engine/game.ts';
import { encode, planeSize } from '../../../features/encode.ts';
import { PADDING, PLANES } from '../../../features/planes.ts';

/** One plane without its padding: 1 or 0 by policy index, shape [area]. */
export type Plane = Uint8Array;

/** The planes of a position as the player to move sees them. @returns shape [48][area] */
export const planesOf = (game: Game): Plane[] => {
  const { width, height } = game;
  const size = planeSize(width, height);
  const padded = new Float32Array(PLANES * size);
  encode(game, padded);
  return Array.from({ length: PLANES }, (_, plane) => {
    const points = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      const from = plane * size + (y + PADDING) * (width + 2 * PADDING) + PADDING;
      for (let x = 0; x < width; x++) points[y * width + x] = padded[from + x];
    }
    return points;
  });
};

/** The points of a plane as an SVG path of squares with sides of 1, those of a row joined. */
export const planePath = (plane: Plane, width: number): string => {
  let path = '';
  for (let i = 0; i < plane.length; i++) {
    if (plane[i] === 0) continue;
    const x = i % width;
    let length = 1;
    while (x + length < width && plane[i + length] === 1) length++;
    path += `M${x} ${(i - x) / width}h${length}v1h${-length}z`;
    i += length - 1;
  }
  return path;
};

/** How many points a plane has. */
export const countPoints = (plane: Plane): number => plane.reduce((sum, value) => sum + value, 0);

/** "no point", "1 point", "23 points". */
export const countText = (count: number): string =>
  count === 0 ? 'no point' : `${count} ${count === 1 ? 'point' : 'points'}`;
