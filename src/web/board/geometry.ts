/** Where things lie on the board's element, in CSS pixels. One unit ("vertex") is the distance of two lines. */
import { makeVertex, parseVertex, pointAt, xOf, yOf, type Dimensions } from '../../../engine/coords.ts';
import { PASS } from '../../../engine/types.ts';

/** Least room for the coordinates at each side, in vertices, or in pixels where that is less: letters need not grow with the stones. */
const MARGIN = 0.85;
const ENOUGH_MARGIN_PX = 28;

/** Below this many pixels a finger misses: a first tap aims, a second one plays. */
export const SMALL_VERTEX_PX = 30;

/** How far from the stone aimed at a second tap still means that stone, in vertices. */
const SAME_TAP = 0.75;

export interface BoardGeometry extends Dimensions {
  /** Pixels between two lines, a whole number of the screen's own pixels, so that lines are sharp. */
  readonly vertexSize: number;
  /** Room for the coordinates at each side. */
  readonly marginPx: number;
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
 * The largest board that fits; what whole vertices leave over goes to its margins, so that boards of all sizes have the same frame.
 * @param pixelRatio screen pixels in a CSS pixel
 */
export const boardGeometry = (
  { width, height }: Dimensions,
  maxWidth: number,
  maxHeight: number,
  pixelRatio = 1,
): BoardGeometry => {
  const whole = (px: number): number => Math.floor(px * pixelRatio) / pixelRatio;
  const fitting = (points: number, px: number): number =>
    Math.max(px / (points + 2 * MARGIN), (px - 2 * ENOUGH_MARGIN_PX) / points);
  const vertexSize = Math.max(1, whole(Math.min(fitting(width, maxWidth), fitting(height, maxHeight))));
  const rest = Math.min(maxWidth - width * vertexSize, maxHeight - height * vertexSize);
  const marginPx = whole(Math.max(0, rest / 2));
  return {
    width,
    height,
    vertexSize,
    marginPx,
    widthPx: width * vertexSize + 2 * marginPx,
    heightPx: height * vertexSize + 2 * marginPx,
  };
};

/** Where a position within the board's element lies, in vertices from the upper left corner of the first one. */
const inVertices = ({ vertexSize, marginPx }: BoardGeometry, leftPx: number, topPx: number): Place => ({
  x: (leftPx - marginPx) / vertexSize,
  y: (topPx - marginPx) / vertexSize,
});

/** The place that is nearest to a position within the board's element; undefined if none is within half a vertex. */
export const placeAt = (geometry: BoardGeometry, leftPx: number, topPx: number): Place | undefined => {
  const exact = inVertices(geometry, leftPx, topPx);
  const [x, y] = [Math.floor(exact.x), Math.floor(exact.y)];
  return x >= 0 && y >= 0 && x < geometry.width && y < geometry.height ? { x, y } : undefined;
};

/** Whether a tap at a position still means a place, rather than its neighbor. */
export const isTapOn = (geometry: BoardGeometry, place: Place, leftPx: number, topPx: number): boolean => {
  const { x, y } = inVertices(geometry, leftPx, topPx);
  return Math.hypot(x - place.x - 0.5, y - place.y - 0.5) <= SAME_TAP;
};

/** The middle of a place within the board's element, in CSS pixels. */
export const centerOf = ({ vertexSize, marginPx }: BoardGeometry, { x, y }: Place): Place => ({
  x: marginPx + (x + 0.5) * vertexSize,
  y: marginPx + (y + 0.5) * vertexSize,
});

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
