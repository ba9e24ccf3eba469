/** Where things lie on the board's element, in CSS pixels. One unit ("vertex") is the distance of two lines. */
import { makeVertex, parseVertex, pointAt, xOf, yOf, type Dimensions } from '../../../engine/coords.ts';
import { PASS } from '../../../engine/types.ts';

/** Room for the coordinates at each side, in vertices. */
export const MARGIN = 0.85;

/** Below this many pixels a finger misses: a first tap aims, a second one plays. */
export const SMALL_VERTEX_PX = 30;

/** How far from the stone aimed at a second tap still means that stone, in vertices. */
const SAME_TAP = 0.75;

export interface BoardGeometry extends Dimensions {
  /** Pixels between two lines, a whole number of the screen's own pixels, so that lines are sharp. */
  readonly vertexSize: number;
  /** Size of the board with its margins. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A place on the board, 0-based from the upper left corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * The largest board that fits.
 * @param pixelRatio screen pixels in a CSS pixel
 */
export const boardGeometry = (
  { width, height }: Dimensions,
  maxWidth: number,
  maxHeight: number,
  pixelRatio = 1,
): BoardGeometry => {
  const columns = width + 2 * MARGIN;
  const rows = height + 2 * MARGIN;
  const fitting = Math.min(maxWidth / columns, maxHeight / rows);
  const vertexSize = Math.max(1, Math.floor(fitting * pixelRatio) / pixelRatio);
  return { width, height, vertexSize, widthPx: vertexSize * columns, heightPx: vertexSize * rows };
};

/** The place that is nearest to a position within the board's element; undefined if none is within half a vertex. */
export const placeAt = (geometry: BoardGeometry, leftPx: number, topPx: number): Place | undefined => {
  const x = Math.floor(leftPx / geometry.vertexSize - MARGIN);
  const y = Math.floor(topPx / geometry.vertexSize - MARGIN);
  return x >= 0 && y >= 0 && x < geometry.width && y < geometry.height ? { x, y } : undefined;
};

/** Whether a tap at a position still means a place, rather than its neighbor. */
export const isTapOn = (
  { vertexSize }: BoardGeometry,
  { x, y }: Place,
  leftPx: number,
  topPx: number,
): boolean =>
  Math.hypot(leftPx / vertexSize - MARGIN - x - 0.5, topPx / vertexSize - MARGIN - y - 0.5) <= SAME_TAP;

/** The GTP vertex of a place. */
export const vertexOf = ({ x, y }: Place, dimensions: Dimensions): string =>
  makeVertex(pointAt(x, y, dimensions.width), dimensions);

/** The place of a GTP vertex; undefined for a pass and for what is off the board. */
export const placeOf = (vertex: string, dimensions: Dimensions): Place | undefined => {
  const point = parseVertex(vertex, dimensions);
  if (point === undefined || point === PASS) return undefined;
  return { x: xOf(point, dimensions.width), y: yOf(point, dimensions.width) };
};

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Where a key moves the cursor: arrows by one, Home and End to the ends of the row; undefined for other keys. */
export const moveCursor = (
  { x, y }: Place,
  key: string,
  { width, height }: Dimensions,
): Place | undefined => {
  if (key === 'Home') return { x: 0, y };
  if (key === 'End') return { x: width - 1, y };
  const step = STEPS[key];
  if (!step) return undefined;
  const within = (value: number, size: number): number => Math.min(size - 1, Math.max(0, value));
  return { x: within(x + step[0], width), y: within(y + step[1], height) };
};
