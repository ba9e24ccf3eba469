/** A board as SVG: self-contained, the same text for the same picture. */
import { columnLetter } from '../../engine/coords.ts';
import { BLACK, EMPTY } from '../../engine/types.ts';
import { starPoints, type BoardPicture } from './boardPicture.ts';
import { LEAST_HEAT, heatColor } from './heat.ts';

export interface SvgOptions {
  /** Over the board; none if left out. */
  readonly title?: string | undefined;
  /** Lines under the board. */
  readonly caption?: readonly string[];
  /** Letters and numbers around the board; drawn by default. */
  readonly coordinates?: boolean;
}

/** Pixels between two lines. */
const CELL = 32;
const MARGIN = 40;
const BARE_MARGIN = 20;
const TITLE_HEIGHT = 34;
const LINE_HEIGHT = 22;
const FONT = 'font-family="DejaVu Sans, sans-serif"';

/** @returns a whole SVG document */
export const drawBoardSvg = (picture: BoardPicture, options: SvgOptions = {}): string => {
  const { title, caption = [] } = options;
  const { width, height } = boardSizePx(picture, options);
  const top = title === undefined ? 0 : TITLE_HEIGHT;
  const total = top + height + (caption.length > 0 ? caption.length * LINE_HEIGHT + 10 : 0);
  const texts = caption.map(
    (line, i) =>
      `<text x="16" y="${top + height + 20 + i * LINE_HEIGHT}" font-size="14" fill="#333" ${FONT}>${escapeXml(line)}</text>`,
  );
  const heading =
    title === undefined
      ? ''
      : `<text x="${width / 2}" y="23" font-size="16" text-anchor="middle" fill="#222" ${FONT}>${escapeXml(title)}</text>\n`;
  return `${startSvg(width, total)}${heading}<g transform="translate(0 ${top})">\n${drawBoard(picture, options)}</g>\n${texts.join('\n')}\n</svg>\n`;
};

/** Several boards in rows, each with its title. @param columns boards in a row */
export const drawSheetSvg = (
  boards: readonly { readonly picture: BoardPicture; readonly title: string }[],
  columns: number,
): string => {
  const scale = 0.4;
  const { width, height } = boardSizePx(boards[0].picture, { coordinates: false });
  const cellWidth = width * scale + 14;
  const cellHeight = height * scale + 30;
  const cells = boards.map(({ picture, title }, i) => {
    const x = (i % columns) * cellWidth + 7;
    const y = Math.floor(i / columns) * cellHeight;
    const text = `<text x="${x + (width * scale) / 2}" y="${y + 18}" font-size="13" text-anchor="middle" fill="#222" ${FONT}>${escapeXml(title)}</text>`;
    return `${text}\n<g transform="translate(${x} ${y + 24}) scale(${scale})">\n${drawBoard(picture, { coordinates: false })}</g>`;
  });
  const rows = Math.ceil(boards.length / columns);
  return `${startSvg(Math.min(columns, boards.length) * cellWidth, rows * cellHeight + 8)}${cells.join('\n')}\n</svg>\n`;
};

const startSvg = (width: number, height: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}">\n` +
  '<defs><radialGradient id="black" cx="0.35" cy="0.3" r="0.75"><stop offset="0" stop-color="#6b6b6b"/><stop offset="1" stop-color="#0c0c0c"/></radialGradient>' +
  '<radialGradient id="white" cx="0.35" cy="0.3" r="0.8"><stop offset="0" stop-color="#ffffff"/><stop offset="1" stop-color="#cfcfcf"/></radialGradient></defs>\n' +
  `<rect width="${round(width)}" height="${round(height)}" fill="#f7f4ee"/>\n`;

const marginOf = ({ coordinates = true }: SvgOptions): number => (coordinates ? MARGIN : BARE_MARGIN);

const boardSizePx = (
  { width, height }: BoardPicture,
  options: SvgOptions,
): { width: number; height: number } => ({
  width: (width - 1) * CELL + 2 * marginOf(options),
  height: (height - 1) * CELL + 2 * marginOf(options),
});

const drawBoard = (picture: BoardPicture, options: SvgOptions): string => {
  const size = boardSizePx(picture, options);
  const margin = marginOf(options);
  const parts = [`<rect width="${size.width}" height="${size.height}" rx="4" fill="#e3b768"/>`];
  parts.push(drawGrid(picture, margin));
  if (options.coordinates ?? true) parts.push(drawCoordinates(picture, size));
  const area = picture.width * picture.height;
  for (let i = 0; i < area; i++) parts.push(...drawPoint(picture, i, margin));
  return `${parts.join('\n')}\n`;
};

const drawGrid = (picture: BoardPicture, margin: number): string => {
  const { width, height } = picture;
  const right = margin + (width - 1) * CELL;
  const bottom = margin + (height - 1) * CELL;
  const lines: string[] = [];
  for (let x = 0; x < width; x++) lines.push(`M${margin + x * CELL} ${margin}V${bottom}`);
  for (let y = 0; y < height; y++) lines.push(`M${margin} ${margin + y * CELL}H${right}`);
  const stars = starPoints(picture).map(i => {
    const [x, y] = centerOf(i, width, margin);
    return `<circle cx="${x}" cy="${y}" r="3.4" fill="#4a3a1c"/>`;
  });
  return `<path d="${lines.join('')}" stroke="#4a3a1c" stroke-width="1" fill="none" stroke-linecap="square"/>\n${stars.join('')}`;
};

const drawCoordinates = (
  { width, height }: BoardPicture,
  size: { width: number; height: number },
): string => {
  const texts: string[] = [];
  const text = (x: number, y: number, content: string): void => {
    texts.push(`<text x="${x}" y="${y}">${content}</text>`);
  };
  for (let x = 0; x < width; x++) {
    text(MARGIN + x * CELL, 16, columnLetter(x));
    text(MARGIN + x * CELL, size.height - 7, columnLetter(x));
  }
  for (let y = 0; y < height; y++) {
    text(12, MARGIN + y * CELL + 4.5, `${height - y}`);
    text(size.width - 12, MARGIN + y * CELL + 4.5, `${height - y}`);
  }
  return `<g font-size="12" text-anchor="middle" fill="#5c4720" ${FONT}>${texts.join('')}</g>`;
};

const drawPoint = (picture: BoardPicture, i: number, margin: number): string[] => {
  const [x, y] = centerOf(i, picture.width, margin);
  const stone = picture.stones[i];
  const label = picture.labels?.[i];
  const heat = picture.heat?.[i] ?? 0;
  const parts: string[] = [];
  if (heat >= LEAST_HEAT) {
    const opacity = stone === EMPTY ? 0.35 + 0.65 * heat : 0.9;
    const shape =
      stone === EMPTY
        ? `<circle cx="${x}" cy="${y}" r="15"`
        : `<rect x="${x - 16}" y="${y - 16}" width="32" height="32"`;
    parts.push(`${shape} fill="rgb(${heatColor(heat).join(',')})" fill-opacity="${round(opacity)}"/>`);
  }
  if (stone !== EMPTY) {
    const color = stone === BLACK ? 'black' : 'white';
    parts.push(
      `<circle cx="${x + 1}" cy="${y + 1.5}" r="14.6" fill="#000" fill-opacity="0.25"/><circle cx="${x}" cy="${y}" r="14.6" fill="url(#${color})"/>`,
    );
    if (picture.lastMove === i)
      parts.push(
        `<circle cx="${x}" cy="${y}" r="6" fill="none" stroke="${stone === BLACK ? '#fff' : '#000'}" stroke-width="2"/>`,
      );
  }
  if (label !== undefined) {
    const fill = stone === BLACK ? '#fff' : '#1a1a1a';
    const fontSize = label.length > 3 ? 10 : 12;
    parts.push(
      `<text x="${x}" y="${y + fontSize * 0.36}" font-size="${fontSize}" text-anchor="middle" fill="${fill}" ${FONT}>${escapeXml(label)}</text>`,
    );
  }
  return parts;
};

const centerOf = (i: number, width: number, margin: number): readonly [number, number] => [
  margin + (i % width) * CELL,
  margin + Math.floor(i / width) * CELL,
];

const round = (value: number): number => Math.round(value * 100) / 100;

/** Text for an element or attribute of SVG. */
export const escapeXml = (text: string): string =>
  text
    // Control characters have no place in XML at all.
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
