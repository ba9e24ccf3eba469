/** A board as text for terminals, with or without colors, and for GTP's showboard. */
import { columnLetter } from '../../engine/coords.ts';
import { BLACK, WHITE } from '../../engine/types.ts';
import { starPoints, type BoardPicture } from './boardPicture.ts';
import { LEAST_HEAT, heatColor } from './heat.ts';

export interface TextOptions {
  /** ANSI colors (24 bit); without them stones are X and O. */
  readonly color?: boolean;
  /** Lines beside the board, from its top. */
  readonly beside?: readonly string[];
}

const RESET = '\u001b[0m';
const WOOD = [227, 183, 104] as const;

/**
 * One line a row, letters above and below, numbers at both sides, the last move in parentheses. No empty line.
 * Labels of up to three characters stand in place of empty points; a board with labels, or with colors, has wider cells.
 */
export const drawBoardText = (
  picture: BoardPicture,
  { color = false, beside = [] }: TextOptions = {},
): string => {
  const { width, height } = picture;
  const stars = new Set(starPoints(picture));
  const letters = Array.from({ length: width }, (_, x) => columnLetter(x));
  const isWide = color || picture.labels?.some(label => label !== undefined) === true;
  const header = `   ${letters.map(letter => ` ${letter}`).join(isWide ? ' ' : '')}`;
  const lines = [header];
  for (let y = 0; y < height; y++) {
    const number = `${height - y}`.padStart(2);
    let row = '';
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      row += color
        ? colorCell(picture, i, stars)
        : isWide
          ? wideCell(picture, i, stars)
          : plainCell(picture, i, stars);
    }
    if (!isWide) row += picture.lastMove === y * width + width - 1 ? ')' : ' ';
    lines.push(`${number} ${row} ${`${height - y}`.padEnd(2)}`);
  }
  lines.push(header);
  const rows = Math.max(lines.length, beside.length);
  const columns = stringWidth(lines[1]);
  return Array.from({ length: rows }, (_, i) => {
    const line = lines[i] ?? '';
    return beside[i] ? `${line}${' '.repeat(columns - stringWidth(line))}   ${beside[i]}` : line.trimEnd();
  }).join('\n');
};

/** Columns of a line, escape sequences not counted. */
// oxlint-disable-next-line no-control-regex
const stringWidth = (line: string): number => line.replace(/\u001b\[[0-9;]*m/g, '').length;

/** Two characters: what is left of the point, and the point. */
const plainCell = (picture: BoardPicture, i: number, stars: Set<number>): string => {
  const x = i % picture.width;
  const before = picture.lastMove === i ? '(' : x > 0 && picture.lastMove === i - 1 ? ')' : ' ';
  return `${before}${signOf(picture.stones[i]) ?? (stars.has(i) ? '+' : '.')}`;
};

/** Three characters: a label, or the point with what is around it. */
const wideCell = (picture: BoardPicture, i: number, stars: Set<number>): string => {
  const sign = signOf(picture.stones[i]);
  const label = picture.labels?.[i];
  if (picture.lastMove === i) return `(${sign ?? '.'})`;
  if (sign === undefined && label !== undefined && label.length <= 3) return label.padStart(2).padEnd(3);
  return ` ${sign ?? (stars.has(i) ? '+' : '.')} `;
};

const signOf = (stone: number): 'X' | 'O' | undefined =>
  stone === BLACK ? 'X' : stone === WHITE ? 'O' : undefined;

/** Three columns of the terminal. */
const colorCell = (picture: BoardPicture, i: number, stars: Set<number>): string => {
  const stone = picture.stones[i];
  const heat = picture.heat?.[i] ?? 0;
  const background = (heat >= LEAST_HEAT ? heatColor(heat) : WOOD).join(';');
  const label = picture.labels?.[i];
  const isLast = picture.lastMove === i;
  let text = ' ● ';
  let ink = '20;20;20';
  if (stone === WHITE) ink = '255;255;255';
  else if (stone !== BLACK) {
    text =
      label !== undefined && label.length <= 3 ? label.padStart(2).padEnd(3) : stars.has(i) ? ' + ' : ' · ';
    ink = '110;85;40';
    if (label !== undefined) ink = '20;20;20';
  }
  if (isLast) text = `(${text[1]})`;
  return `\u001b[48;2;${background}m\u001b[38;2;${ink}m${text}${RESET}`;
};
