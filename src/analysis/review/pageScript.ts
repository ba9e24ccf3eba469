/**
 * The script of a review page: going through the game by buttons, keys, slider, graphs and lists. Plain JavaScript, like
 * pageBoard.ts, which it uses.
 */
export const PAGE_SCRIPT = `
const byId = id => document.getElementById(id);
const last = D.positions.length - 1;
let at = 0, picked;

const percent = share => (100 * share).toFixed(1) + ' %';
const lead = value => (value >= 0 ? 'B+' : 'W+') + Math.abs(value).toFixed(1);
const chances = p => [p.winrate == null ? '' : 'Black ' + percent(p.winrate), p.lead == null ? '' : lead(p.lead)].filter(Boolean).join(', ');
const mark = color => '<span class="stone ' + color + '"></span> ';
const severities = ['fine', 'inaccuracy', 'mistake', 'blunder'];
const severity = m => severities[m.pointsLost == null ? [.05, .1, .2].filter(l => (m.winrateLost ?? 0) >= l).length : [2, 5, 10].filter(l => m.pointsLost >= l).length];
const lossText = m => [m.pointsLost >= .5 ? m.pointsLost.toFixed(1) + ' points' : '', m.winrateLost >= .01 ? percent(m.winrateLost) : ''].filter(Boolean).join(', ');
const bad = D.moves.map((m, i) => i + 1).filter(n => severity(D.moves[n - 1]) !== 'fine');

// Graphs: one unit of x a move; both axes stretch with the page.
const plot = (name, values, low, high, middle) => {
  const y = v => (100 * (high - v) / (high - low)).toFixed(2), known = values.map((v, i) => v == null ? '' : i + ' ' + y(v)).filter(Boolean);
  if (!known.length) return '';
  const area = 'M' + known[0].split(' ')[0] + ' ' + y(middle) + 'L' + known.join('L') + 'V' + y(middle) + 'Z', id = name[0] + name.length;
  const lines = [low, middle, high].concat(name.includes('%') ? [25, 75] : []).map(v => '<line x1="0" x2="' + last + '" y1="' + y(v) + '" y2="' + y(v) + '" style="stroke:var(--line)" vector-effect="non-scaling-stroke"/>').join('');
  return '<div data-plot><span class="name">' + name + '</span><svg viewBox="0 0 ' + Math.max(1, last) + ' 100" preserveAspectRatio="none">' + lines +
    '<clipPath id="' + id + 'b"><rect width="' + last + '" height="' + y(middle) + '"/></clipPath><clipPath id="' + id + 'w"><rect y="' + y(middle) + '" width="' + last + '" height="100"/></clipPath>' +
    '<path d="' + area + '" style="fill:var(--black)" opacity=".75" clip-path="url(#' + id + 'b)"/><path d="' + area + '" style="fill:var(--white)" clip-path="url(#' + id + 'w)"/>' +
    '<path d="M' + known.join('L') + '" fill="none" style="stroke:var(--accent)" stroke-width="1.8" vector-effect="non-scaling-stroke"/>' +
    bad.map(n => '<path d="M' + n + ' 94V100" style="stroke:var(--' + severity(D.moves[n - 1]) + ')" stroke-width="3" vector-effect="non-scaling-stroke"/>').join('') +
    '<line class="cursor" y1="0" y2="100" style="stroke:var(--blunder)" stroke-width="1.5" vector-effect="non-scaling-stroke"/></svg></div>';
};
const leads = D.positions.map(p => p.lead), widest = Math.max(5, ...leads.map(l => Math.abs(l ?? 0)));
byId('plots').innerHTML = plot('Black wins, %', D.positions.map(p => p.winrate == null ? null : 100 * p.winrate), 0, 100, 50) + plot('Black leads, points (±' + widest.toFixed(0) + ')', leads, -widest, widest, 0);

const worst = bad.slice().sort((a, b) => (D.moves[b - 1].pointsLost ?? D.moves[b - 1].winrateLost) - (D.moves[a - 1].pointsLost ?? D.moves[a - 1].winrateLost)).slice(0, 12);
byId('mistakes').innerHTML = worst.length ? '<table><thead><tr><th>move</th><th>lost</th><th>better</th></tr></thead><tbody>' + worst.map(n => {
  const m = D.moves[n - 1], best = D.positions[n - 1].candidates[0];
  return '<tr data-go="' + (n - 1) + '"><td>' + mark(m.color) + n + '. ' + m.move + '</td><td class="' + severity(m) + '">' + lossText(m) + '</td><td>' + (best && best.move !== m.move ? best.move : '') + '</td></tr>';
}).join('') + '</tbody></table>' : '<p class="hint">None.</p>';

const say = () => {
  const p = D.positions[at], m = D.moves[at - 1], next = D.moves[at];
  let said = '<span class="now">' + (m ? mark(m.color) + 'Move ' + at + ', ' + m.move : 'The start') + (chances(p) ? ': <b>' + chances(p) + '</b>' : '') + '</span>';
  if (m) said += '<br><span class="' + severity(m) + '">' + (m.rank === 1 ? 'the best move' : 'choice number ' + m.rank) + (lossText(m) ? ', lost ' + lossText(m) : '') + '</span>';
  if (at === last && D.game.result) said += '<br>Result ' + D.game.result.replace(/[<&]/g, '');
  byId('said').innerHTML = said;
  byId('next').textContent = (p.toPlay === 'B' ? 'Black' : 'White') + ' to play' + (next ? ', played ' + next.move + (lossText(next) ? ' (lost ' + lossText(next) + ')' : '') : '');
  byId('candidates').innerHTML = p.candidates.map((c, i) => '<tr data-pick="' + i + '" class="' + (c === picked ? 'on' : '') + '"><td>' + (next && next.move === c.move ? '<b>' + c.move + '</b>' : c.move) + '</td><td>' + (worth(p, c).rate == null ? '' : worth(p, c).rate.toFixed(1) + ' %') + '</td><td>' + (c.lead == null ? '' : lead(c.lead)) + '</td><td>' + c.visits + '</td><td>' + percent(c.prior) + '</td></tr>').join('');
  byId('line').textContent = picked ? picked.line.join(' ') : '';
};
const show = () => {
  byId('board').innerHTML = drawBoard(at, picked, { candidates: byId('showCandidates').checked, territory: byId('showTerritory').checked });
  byId('slider').value = at;
  for (const cursor of document.querySelectorAll('.cursor')) { cursor.setAttribute('x1', at); cursor.setAttribute('x2', at); }
  say();
};
const go = to => { at = Math.max(0, Math.min(last, to)); picked = undefined; history.replaceState(null, '', '#' + at); show(); };
const pick = candidate => { picked = candidate === picked ? undefined : candidate; show(); };

byId('slider').max = last;
byId('slider').oninput = e => go(Number(e.target.value));
byId('first').onclick = () => go(0); byId('back').onclick = () => go(at - 1); byId('forward').onclick = () => go(at + 1); byId('last').onclick = () => go(last);
byId('badBack').onclick = () => go(bad.filter(n => n - 1 < at).pop() - 1 || 0); byId('badForward').onclick = () => go((bad.find(n => n - 1 > at) ?? last + 1) - 1);
byId('showCandidates').onchange = byId('showTerritory').onchange = show;
byId('candidates').onclick = e => { const row = e.target.closest('[data-pick]'); if (row) pick(D.positions[at].candidates[row.dataset.pick]); };
byId('mistakes').onclick = e => { const row = e.target.closest('[data-go]'); if (row) go(Number(row.dataset.go)); };
byId('board').onclick = e => {
  const svg = e.currentTarget.firstChild, box = svg.getBoundingClientRect(), scale = Math.min(box.width / ground.w, box.height / ground.h);
  const x = Math.round(((e.clientX - box.left - (box.width - ground.w * scale) / 2) / scale - MARGIN) / CELL), y = Math.round(((e.clientY - box.top - (box.height - ground.h * scale) / 2) / scale - MARGIN) / CELL);
  const found = D.positions[at].candidates.find(c => indexOf(c.move) === x + W * y);
  if (picked) pick(picked); else if (found) pick(found); else go(at + 1);
};
for (const div of document.querySelectorAll('[data-plot]')) {
  const follow = e => { const box = div.getBoundingClientRect(); go(Math.round((e.clientX - box.left) / box.width * last)); };
  div.onpointerdown = e => { div.setPointerCapture(e.pointerId); follow(e); };
  div.onpointermove = e => { if (e.buttons) follow(e); };
}
addEventListener('keydown', e => {
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last, PageUp: at - 10, PageDown: at + 10 }[e.key];
  if (to === undefined || e.target.type === 'range') return;
  e.preventDefault(); go(to);
});
const start = Number(location.hash.slice(1));
go(Number.isInteger(start) ? start : 0);
`;
