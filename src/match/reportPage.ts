/** What a report needs in the browser: its style, and the script that replays games. Plain, so that a file stays one file. */

export const REPORT_STYLE = `
:root { color-scheme: light; --ink: #222; --line: #ddd; --good: #3a7d44; --bad: #b5483a; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); max-width: 1080px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; border-bottom: 1px solid var(--line); margin-top: 2rem; } h3 { margin-bottom: .2rem; }
table { border-collapse: collapse; margin: .5rem 0; } td, th { padding: .15rem .7rem; text-align: right; border-bottom: 1px solid var(--line); }
td:first-child, th:first-child { text-align: left; } .opening { font-size: .8rem; max-width: 40rem; overflow-wrap: anywhere; }
.chart { display: block; max-width: 100%; font-size: 12px; } .chart circle { fill: #246; } .bar { stroke: #246; stroke-width: 2; }
.chart polyline { fill: none; stroke: #246; stroke-width: 2; } .band { fill: #2463; } .zero { stroke: #999; stroke-dasharray: 4; }
.split { display: flex; height: .7rem; max-width: 560px; background: #eee; margin: .3rem 0; } .won { background: var(--good); } .drawn { background: #bbb; } .lost { background: var(--bad); }
i { display: inline-block; width: .7rem; height: .7rem; margin-right: 2px; border: 1px solid #555; } i.black { background: #333; } i.white { background: #eee; }
.games { display: flex; gap: 1.5rem; align-items: flex-start; flex-wrap: wrap; } .list { flex: 1 1 320px; max-height: 640px; overflow: auto; border: 1px solid var(--line); }
.list button { display: block; width: 100%; text-align: left; border: 0; border-bottom: 1px solid var(--line); background: none; padding: .3rem .6rem; font: inherit; cursor: pointer; }
.list button:hover, .list button.on { background: #f1ead8; } .viewer { flex: 1 1 480px; max-width: 560px; } #board svg { width: 100%; } .buttons { display: flex; gap: .3rem; } .buttons input { flex: 1; } #text { min-height: 3rem; }
`;

export const REPORT_SCRIPT = `
const { size, games } = JSON.parse(document.getElementById('data').textContent);
const at = id => document.getElementById(id);
let game, position = 0;
const letters = 'ABCDEFGHJKLMNOPQRSTUVWXYZ';
const parse = v => v === 'pass' ? undefined : [letters.indexOf(v[0]), size - Number(v.slice(1))];
const stonesAfter = count => {
  const board = new Array(size * size).fill(0);
  const near = i => { const x = i % size, r = []; if (x) r.push(i - 1); if (x < size - 1) r.push(i + 1); if (i >= size) r.push(i - size); if (i < size * (size - 1)) r.push(i + size); return r; };
  const capture = start => { const color = board[start], seen = new Set([start]); for (const i of seen) for (const j of near(i)) { if (!board[j]) return; if (board[j] === color) seen.add(j); } for (const i of seen) board[i] = 0; };
  const moves = game.moves ? game.moves.split(' ') : [];
  let last;
  for (let k = 0; k < count; k++) {
    const point = parse(moves[k]); last = point; if (!point) continue;
    const i = point[1] * size + point[0], color = k % 2 ? 2 : 1; board[i] = color;
    for (const j of near(i)) if (board[j] && board[j] !== color) capture(j);
    capture(i);
  }
  return { board, last, moves };
};
const draw = () => {
  const { board, last, moves } = stonesAfter(position), c = 24, m = 30, w = (size - 1) * c + 2 * m, p = [];
  p.push('<svg viewBox="0 0 ' + w + ' ' + w + '"><rect width="100%" height="100%" fill="#e3b768"/>');
  for (let i = 0; i < size; i++) { const a = m + i * c; p.push('<path d="M' + a + ' ' + m + 'V' + (w - m) + 'M' + m + ' ' + a + 'H' + (w - m) + '" stroke="#543" stroke-width=".8"/><text x="' + a + '" y="14" font-size="10" text-anchor="middle">' + letters[i] + '</text><text x="10" y="' + (a + 4) + '" font-size="10" text-anchor="middle">' + (size - i) + '</text>'); }
  board.forEach((s, i) => { if (s) p.push('<circle cx="' + (m + i % size * c) + '" cy="' + (m + Math.floor(i / size) * c) + '" r="11" fill="' + (s === 1 ? '#1a1a1a' : '#f8f8f8') + '" stroke="#333" stroke-width=".6"/>'); });
  if (last) p.push('<circle cx="' + (m + last[0] * c) + '" cy="' + (m + last[1] * c) + '" r="5" fill="none" stroke="#d33" stroke-width="2"/>');
  at('board').innerHTML = p.join('') + '</svg>';
  at('slider').max = moves.length; at('slider').value = position;
  const rate = game.winrates[position - 1];
  at('text').textContent = 'move ' + position + ' of ' + moves.length + (position ? ': ' + (position % 2 ? 'Black ' : 'White ') + moves[position - 1] : '') + (rate == null ? '' : ', Black wins ' + rate + ' %') + (position === moves.length ? '. ' + game.result + (game.reason ? ' (' + game.reason + ')' : '') : '');
  const n = Math.max(1, moves.length - 1);
  at('graph').innerHTML = game.winrates.some(r => r != null) ? '<svg viewBox="0 0 500 80" width="100%"><rect width="500" height="80" fill="#f4f4f4"/><line x1="0" x2="500" y1="40" y2="40" stroke="#bbb"/><polyline fill="none" stroke="#246" points="' + game.winrates.map((r, i) => r == null ? '' : (i / n * 500).toFixed(1) + ',' + (80 - r * .8).toFixed(1)).filter(Boolean).join(' ') + '"/><line x1="' + (position / n * 500) + '" x2="' + (position / n * 500) + '" y1="0" y2="80" stroke="#d33"/></svg>' : '';
};
const open = index => {
  game = games[index]; position = game.moves ? game.moves.split(' ').length : 0;
  [...at('list').children].forEach((b, i) => b.classList.toggle('on', i === index));
  at('head').textContent = game.black + ' (Black) - ' + game.white + ' (White): ' + game.result;
  draw();
};
games.forEach((g, i) => { const b = document.createElement('button'); b.textContent = (i + 1) + '. ' + g.black + ' - ' + g.white + ': ' + g.result; b.onclick = () => open(i); at('list').append(b); });
const go = to => { position = Math.max(0, Math.min(Number(at('slider').max), to)); draw(); };
at('first').onclick = () => go(0); at('back').onclick = () => go(position - 1); at('next').onclick = () => go(position + 1); at('last').onclick = () => go(1e9);
at('slider').oninput = e => go(Number(e.target.value));
addEventListener('keydown', e => { if (e.key === 'ArrowLeft') go(position - 1); if (e.key === 'ArrowRight') go(position + 1); });
if (games.length) open(0);
`;
