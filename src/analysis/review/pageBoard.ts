/**
 * The board of a review page: part of its script, in plain JavaScript, so that a page stays one file. It draws a position, its
 * candidates or one line of moves, and whose territory is whose. `D` is the review, `W` and `H` the board's size.
 */
import { OWNERSHIP_LETTERS } from './ownershipText.ts';

export const PAGE_BOARD = `
const LETTERS = 'ABCDEFGHJKLMNOPQRSTUVWXYZ', CELL = 30, MARGIN = 30;
const W = D.game.width, H = D.game.height;
const indexOf = v => v === 'pass' ? -1 : LETTERS.indexOf(v[0]) + W * (H - Number(v.slice(1)));
const px = i => MARGIN + i % W * CELL, py = i => MARGIN + Math.floor(i / W) * CELL;

// The stones of every position: 1 Black's, 2 White's.
const boards = [new Uint8Array(W * H)];
for (const v of D.game.setup.black) boards[0][indexOf(v)] = 1;
for (const v of D.game.setup.white) boards[0][indexOf(v)] = 2;
for (const m of D.moves) {
  const next = boards[boards.length - 1].slice(), at = indexOf(m.move);
  if (at >= 0) next[at] = m.color === 'B' ? 1 : 2;
  for (const v of m.captures) next[indexOf(v)] = 0;
  boards.push(next);
}

const stone = (i, color, faint) => '<circle cx="' + px(i) + '" cy="' + py(i) + '" r="14.2" fill="' + (color === 1 ? '#161514' : '#f7f6f3') + '" stroke="#2b2722" stroke-width=".7"' + (faint ? ' opacity=".8"' : '') + '/>';
const text = (x, y, content, size, fill) => '<text x="' + x + '" y="' + y + '" font-size="' + size + '" text-anchor="middle" fill="' + fill + '">' + content + '</text>';

const starLines = n => n < 7 ? (n % 2 && n > 2 ? [(n - 1) / 2] : []) : n % 2 && n > 7 ? [n < 13 ? 2 : 3, (n - 1) / 2, n - 1 - (n < 13 ? 2 : 3)] : [n < 13 ? 2 : 3, n - 1 - (n < 13 ? 2 : 3)];

const ground = (() => {
  const w = (W - 1) * CELL + 2 * MARGIN, h = (H - 1) * CELL + 2 * MARGIN, p = [];
  p.push('<rect width="' + w + '" height="' + h + '" rx="5" style="fill:var(--wood)"/>');
  let lines = '';
  for (let x = 0; x < W; x++) lines += 'M' + (MARGIN + x * CELL) + ' ' + MARGIN + 'V' + (h - MARGIN);
  for (let y = 0; y < H; y++) lines += 'M' + MARGIN + ' ' + (MARGIN + y * CELL) + 'H' + (w - MARGIN);
  p.push('<path d="' + lines + '" stroke="#4a3a1c" stroke-width=".9"/>');
  const small = Math.min(W, H) <= 13, xs = starLines(W), ys = starLines(H);
  xs.forEach((x, i) => ys.forEach((y, j) => { if (!(small && (xs.length === 3 && i === 1) !== (ys.length === 3 && j === 1))) p.push('<circle cx="' + (MARGIN + x * CELL) + '" cy="' + (MARGIN + y * CELL) + '" r="3" fill="#4a3a1c"/>'); }));
  for (let x = 0; x < W; x++) p.push(text(MARGIN + x * CELL, 12, LETTERS[x], 10.5, '#4a3a1c'), text(MARGIN + x * CELL, h - 4, LETTERS[x], 10.5, '#4a3a1c'));
  for (let y = 0; y < H; y++) p.push(text(9, MARGIN + y * CELL + 4, H - y, 10.5, '#4a3a1c'), text(w - 9, MARGIN + y * CELL + 4, H - y, 10.5, '#4a3a1c'));
  return { w, h, body: p.join('') };
})();

const SCALE = '${OWNERSHIP_LETTERS}';
// Squares: dark where it will be Black's, light where it will be White's.
const territory = (owners, board) => [...owners].map((c, i) => {
  const owner = 2 * SCALE.indexOf(c) / (SCALE.length - 1) - 1;
  // A stone needs no mark unless it will be the opponent's.
  if (Math.abs(owner) < .1 || board[i] === (owner > 0 ? 1 : 2)) return '';
  const size = 13 * Math.sqrt(Math.abs(owner));
  return '<rect x="' + (px(i) - size / 2) + '" y="' + (py(i) - size / 2) + '" width="' + size + '" height="' + size + '" fill="' + (owner > 0 ? '#111' : '#fff') + '" opacity="' + (board[i] ? 1 : .75) + '"/>';
}).join('');

// Best blue, then from green over yellow to red by what is lost.
const candidateColor = (lost, isBest) => isBest ? '#2f7fd0' : lost < 1 ? '#3c9a5f' : lost < 3 ? '#a9a32c' : lost < 6 ? '#dd8a2a' : '#cf4530';

// What a candidate is worth to the player to move: win rate in percent, and the points it loses against the best.
const worth = (p, c) => ({
  rate: c.winrate == null ? undefined : 100 * (p.toPlay === 'B' ? c.winrate : 1 - c.winrate),
  lost: c.lead == null || p.candidates[0].lead == null ? 0 : (p.toPlay === 'B' ? 1 : -1) * (p.candidates[0].lead - c.lead),
});

const candidates = (p, board) => p.candidates.map((c, order) => {
  const i = indexOf(c.move);
  if (i < 0 || board[i]) return '';
  const { rate, lost } = worth(p, c), visits = c.visits >= 1000 ? (c.visits / 1000).toFixed(1) + 'k' : c.visits;
  const label = rate == null ? text(px(i), py(i) + 4, visits, 11, '#fff') : text(px(i), py(i) + 1.5, rate.toFixed(0), 12, '#fff') + text(px(i), py(i) + 10.5, visits, 8, '#fff');
  return '<circle cx="' + px(i) + '" cy="' + py(i) + '" r="14" fill="' + candidateColor(lost, order === 0) + '" stroke="' + (order === 0 ? '#fff' : 'none') + '" stroke-width="1.6"/>' + label;
}).join('');

const lineOf = (p, c, board) => {
  const seen = new Set();
  return c.line.map((v, k) => {
    const i = indexOf(v), color = (p.toPlay === 'B') === (k % 2 === 0) ? 1 : 2;
    if (i < 0 || seen.has(i)) return '';
    seen.add(i);
    return stone(i, color, true) + text(px(i), py(i) + 4.5, k + 1, 12, color === 1 ? '#fff' : '#111');
  }).join('');
};

// picked: the candidate whose line is shown; shows: {candidates, territory}.
const drawBoard = (at, picked, shows) => {
  const p = D.positions[at], board = boards[at], parts = [ground.body];
  board.forEach((s, i) => { if (s) parts.push(stone(i, s)); });
  const last = at > 0 ? indexOf(D.moves[at - 1].move) : -1;
  if (last >= 0) parts.push('<circle cx="' + px(last) + '" cy="' + py(last) + '" r="6" fill="none" stroke="' + (board[last] === 1 ? '#fff' : '#111') + '" stroke-width="2"/>');
  if (shows.territory && p.ownership) parts.push(territory(p.ownership, board));
  if (picked) parts.push(lineOf(p, picked, board));
  else if (shows.candidates) parts.push(candidates(p, board));
  const next = D.moves[at] && !picked ? indexOf(D.moves[at].move) : -1;
  if (next >= 0) parts.push('<circle cx="' + px(next) + '" cy="' + py(next) + '" r="15.5" fill="none" stroke="#c01f3a" stroke-width="2" stroke-dasharray="4 3"/>');
  return '<svg viewBox="0 0 ' + ground.w + ' ' + ground.h + '" font-family="system-ui, sans-serif" role="img" aria-label="board after move ' + at + '">' + parts.join('') + '</svg>';
};
`;
