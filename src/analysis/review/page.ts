/** A review as one self-contained page: the board to click through, candidates, graphs, the biggest mistakes. Nothing is loaded. */
import { PAGE_BOARD } from './pageBoard.ts';
import { PAGE_SCRIPT } from './pageScript.ts';
import { PAGE_STYLE } from './pageStyle.ts';
import { SEVERITIES, summarizePlayer, type PlayerSummary, type Review } from './review.ts';
import { percent } from './words.ts';

/** @param index address of the page with all games; none if left out */
export const makeReviewPage = (review: Review, index?: string): string => {
  const { game, settings } = review;
  const title = titleOf(review);
  const facts = [
    game.result,
    game.date,
    `${game.width}x${game.height}`,
    `komi ${game.komi}`,
    game.rules,
    `${review.moves.length} moves`,
    `${settings.visits} visits a position by network ${settings.network}`,
  ].filter(fact => fact !== undefined);
  return wrapPage(
    title,
    `<h1>${escapeHtml(title)}</h1>
<p class="faint">${index === undefined ? '' : `<a href="${escapeHtml(index)}">All games</a> · `}${escapeHtml(facts.join(' · '))}</p>
${game.problems.map(problem => `<p class="problem">${escapeHtml(problem)}</p>`).join('\n')}
<div class="split"><div><div class="card"><div id="board"></div>
<div class="controls"><button id="first" aria-label="to the start">|◀</button><button id="back" aria-label="back">◀</button><input id="slider" type="range" min="0" value="0" aria-label="move"><button id="forward" aria-label="forward">▶</button><button id="last" aria-label="to the end">▶|</button></div>
<div class="controls"><button id="badBack">◀ mistake</button><button id="badForward">mistake ▶</button><label><input type="checkbox" id="showCandidates" checked> candidates</label><label><input type="checkbox" id="showTerritory"> territory</label></div>
<p id="said"></p></div>
<div class="card graph"><div class="plots" id="plots"></div></div></div>
<div><div class="card"><h2 id="next"></h2><table><thead><tr><th>move</th><th>wins</th><th>lead</th><th>visits</th><th>prior</th></tr></thead><tbody id="candidates"></tbody></table><p class="hint" id="line"></p>
<p class="hint">Click a candidate, here or on the board, for what is expected to follow. The dashed ring is the move that was played. Arrow keys work.</p></div>
<div class="card" style="margin-top:1.2rem"><h2>Biggest mistakes</h2><div id="mistakes"></div><h2>Players</h2>${drawPlayers(review)}</div></div></div>
<script type="application/json" id="data">${embed(review)}</script>
<script>const D = JSON.parse(document.getElementById('data').textContent);${PAGE_BOARD}${PAGE_SCRIPT}</script>`,
  );
};

/** "Lee Sedol 9p - AlphaGo". */
export const titleOf = ({ game }: Review): string => {
  const name = (player: string, rank: string | undefined): string =>
    rank === undefined ? player : `${player} ${rank}`;
  return `${name(game.black, game.blackRank)} – ${name(game.white, game.whiteRank)}`;
};

/** A whole document with the style of the review pages. */
export const wrapPage = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${PAGE_STYLE}</style></head><body><div class="page">
${body}
</div></body></html>
`;

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** JSON that cannot end its script. */
const embed = (value: unknown): string => JSON.stringify(value).replaceAll('<', String.raw`\u003c`);

const drawPlayers = (review: Review): string => {
  const players = [summarizePlayer(review, 'B'), summarizePlayer(review, 'W')];
  const row = (name: string, value: (player: PlayerSummary) => string, kind = ''): string =>
    `<tr><td class="${kind}">${name}</td>${players.map(player => `<td>${value(player)}</td>`).join('')}</tr>`;
  return `<table><thead><tr><th></th><th><span class="stone B"></span> Black</th><th><span class="stone W"></span> White</th></tr></thead><tbody>
${row('points lost a move', ({ meanPointsLost }) => meanPointsLost?.toFixed(2) ?? '–')}
${row('best moves', ({ bestShare }) => (bestShare === undefined ? '–' : percent(bestShare)))}
${SEVERITIES.slice(1)
  .map(severity => row(PLURALS[severity], ({ counts }) => `${counts[severity]}`, severity))
  .join('\n')}
</tbody></table>`;
};

const PLURALS: Readonly<Record<(typeof SEVERITIES)[number], string>> = {
  fine: 'fine moves',
  inaccuracy: 'inaccuracies, from 2 points',
  mistake: 'mistakes, from 5',
  blunder: 'blunders, from 10',
};
