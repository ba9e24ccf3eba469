/**
 * A match as one self-contained page: rating table, Elo over time, results by color and opening, and every game to replay.
 * Nothing is loaded from anywhere; it works from a file.
 */
import { eloOf } from './statistics.ts';
import { blackPoints, between, pointsOf, type GameRow } from './results.ts';
import type { Pairing, Summary } from './summary.ts';
import { REPORT_SCRIPT, REPORT_STYLE } from './reportPage.ts';

export interface ReportOptions {
  readonly title: string;
  readonly size: number;
  readonly komi: number;
  readonly rules: string;
  readonly time: string;
}

export const makeReport = (
  rows: readonly GameRow[],
  summary: Summary,
  { title, size, komi, rules, time }: ReportOptions,
): string => {
  const { pairings } = summary;
  const data = {
    size,
    games: rows.map(({ id, black, white, result, reason, moves, winrates, opening }) => ({
      id,
      black,
      white,
      result,
      reason: reason ?? '',
      moves: moves.join(' '),
      winrates,
      opening,
    })),
  };
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${REPORT_STYLE}</style></head><body>
<h1>${escapeHtml(title)}</h1>
<p>${size}x${size}, komi ${komi}, ${escapeHtml(rules)}, time ${escapeHtml(time)}; ${summary.games} games of ${summary.meanMoves.toFixed(0)} moves on average, Black won ${summary.blackWins}, void ${summary.void}, duplicates up to symmetry ${summary.duplicates}, disputed scores ${summary.disagreements}</p>
<section><h2>Ratings</h2>${drawRatings(summary)}</section>
<section><h2>Pairings</h2>${pairings.map(pairing => drawPairing(pairing, rows)).join('\n')}</section>
<section><h2>Openings</h2>${drawOpenings(rows, summary)}</section>
<section><h2>Games</h2><div class="games"><div class="list" id="list"></div><div class="viewer"><div id="head"></div><div id="board"></div>
<div class="buttons"><button id="first">|&lt;</button><button id="back">&lt;</button><input id="slider" type="range" min="0" value="0"><button id="next">&gt;</button><button id="last">&gt;|</button></div><div id="graph"></div><p id="text"></p></div></div></section>
<script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', String.raw`\u003c`)}</script>
<script>${REPORT_SCRIPT}</script></body></html>
`;
};

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const signed = (value: number): string =>
  Number.isFinite(value) ? `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(0)}` : value > 0 ? '+∞' : '−∞';

const CHART = { width: 560, row: 26, label: 190 } as const;

/** A table, and beside it the ratings with their error bars. */
const drawRatings = ({ ratings, secondsPerMove }: Summary): string => {
  const rows = ratings.map(
    ({ name, elo, error, games, score }) =>
      `<tr><td>${escapeHtml(name)}</td><td>${signed(elo)}</td><td>±${error.toFixed(0)}</td><td>${games}</td><td>${(100 * score).toFixed(1)} %</td><td>${(secondsPerMove[name] ?? 0).toFixed(2)} s</td></tr>`,
  );
  const low = Math.min(...ratings.map(({ elo, error }) => elo - error));
  const high = Math.max(...ratings.map(({ elo, error }) => elo + error));
  const x = (elo: number): number =>
    CHART.label + ((elo - low) / Math.max(1, high - low)) * (CHART.width - CHART.label - 20) + 10;
  const bars = ratings.map(({ name, elo, error }, i) => {
    const y = i * CHART.row + CHART.row / 2;
    return `<text x="${CHART.label - 8}" y="${y + 4}" text-anchor="end">${escapeHtml(name)}</text><line x1="${x(elo - error)}" x2="${x(elo + error)}" y1="${y}" y2="${y}" class="bar"/><circle cx="${x(elo)}" cy="${y}" r="5"/>`;
  });
  return `<table><tr><th>engine</th><th>Elo</th><th>95 %</th><th>games</th><th>score</th><th>per move</th></tr>${rows.join('')}</table>
<svg class="chart" viewBox="0 0 ${CHART.width} ${ratings.length * CHART.row}" width="${CHART.width}">${bars.join('')}</svg>`;
};

const drawPairing = (pairing: Pairing, rows: readonly GameRow[]): string => {
  const { first, second, wins, draws, losses, strength, sprt, pentanomial, asBlack, asWhite } = pairing;
  const total = Math.max(1, wins + draws + losses);
  const share = (count: number): string => `${((100 * count) / total).toFixed(2)}%`;
  const test = sprt
    ? `<p>SPRT: LLR ${sprt.llr.toFixed(2)} (bounds ${sprt.lower.toFixed(2)}, ${sprt.upper.toFixed(2)})${sprt.verdict ? `, ${sprt.verdict} accepted` : ''}</p>`
    : '';
  return `<h3>${escapeHtml(first)} – ${escapeHtml(second)}</h3>
<p>${wins} won, ${draws} drawn, ${losses} lost, ${pairing.void} void; as Black ${asBlack}, as White ${asWhite}. Elo ${signed(strength.elo)} (95 %: ${signed(strength.interval[0])} to ${signed(strength.interval[1])}), LOS ${(100 * strength.los).toFixed(1)} %; pairs by points 0, ½, 1, 1½, 2: ${pentanomial.join(', ')}</p>${test}
<div class="split"><span class="won" style="width:${share(wins)}"></span><span class="drawn" style="width:${share(draws)}"></span><span class="lost" style="width:${share(losses)}"></span></div>
${drawProgress(
  rows.filter(row => between(row, first, second)),
  first,
)}`;
};

/** The Elo difference after each game, with the 95 % band of single games. */
const drawProgress = (rows: readonly GameRow[], first: string): string => {
  const points = rows.map(row => pointsOf(row, first)).filter(value => value !== undefined);
  if (points.length < 4) return '';
  const [width, height, limit] = [CHART.width, 120, 600];
  const x = (i: number): number => (i / (points.length - 1)) * (width - 50) + 45;
  const y = (elo: number): number =>
    height / 2 - (Math.max(-limit, Math.min(limit, elo)) / limit) * (height / 2 - 6);
  let sum = 0;
  const line: string[] = [];
  const upper: string[] = [];
  const lower: string[] = [];
  for (const [i, value] of points.entries()) {
    sum += value;
    const n = i + 1;
    // With one win and one loss more, so that the first games are no certainty.
    const mean = (sum + 1) / (n + 2);
    const error = 1.96 * Math.sqrt((mean * (1 - mean)) / (n + 2));
    line.push(`${x(i).toFixed(1)},${y(eloOf(mean)).toFixed(1)}`);
    upper.push(`${x(i).toFixed(1)},${y(eloOf(Math.min(1, mean + error))).toFixed(1)}`);
    lower.push(`${x(i).toFixed(1)},${y(eloOf(Math.max(0, mean - error))).toFixed(1)}`);
  }
  return `<svg class="chart" viewBox="0 0 ${width} ${height}" width="${width}"><polygon class="band" points="${[...upper, ...lower.toReversed()].join(' ')}"/><line class="zero" x1="45" x2="${width - 5}" y1="${y(0)}" y2="${y(0)}"/><polyline points="${line.join(' ')}"/><text x="40" y="12" text-anchor="end">+${limit}</text><text x="40" y="${height / 2 + 4}" text-anchor="end">0</text><text x="40" y="${height - 4}" text-anchor="end">−${limit}</text></svg>`;
};

/** What each opening gave: a square a game, dark where Black won. */
const drawOpenings = (rows: readonly GameRow[], { pairings }: Summary): string => {
  const openings = new Map<string, GameRow[]>();
  for (const row of rows) openings.set(row.opening, [...(openings.get(row.opening) ?? []), row]);
  const lines = [...openings].map(([opening, games]) => {
    const squares = games.map(row => {
      const points = blackPoints(row);
      const kind = points === 1 ? 'black' : points === 0 ? 'white' : 'none';
      return `<i class="${kind}" title="${escapeHtml(`${row.black} - ${row.white}: ${row.result}`)}"></i>`;
    });
    return `<tr><td class="opening">${escapeHtml(opening)}</td><td>${squares.join('')}</td></tr>`;
  });
  return `<p>${openings.size} openings in ${pairings.length} pairings; dark: Black won, light: White won, hollow: neither.</p><table>${lines.join('')}</table>`;
};
