/** The page over all games of a run: who played, how it went, how they did, and the way to each game. */
import { escapeHtml, titleOf, wrapPage } from './page.ts';
import { summarizePlayer, type PlayerSummary, type Review } from './review.ts';

/** What the page needs of a game; small, for there may be thousands. */
export interface IndexEntry {
  /** As in {@link ReviewStore}. */
  readonly name: string;
  readonly title: string;
  readonly result: string;
  readonly date: string;
  readonly moves: number;
  readonly players: readonly [PlayerSummary, PlayerSummary];
  /** Points of a small graph of Black's win rate; empty if unknown. */
  readonly spark: string;
}

/** A game that could not be reviewed. */
export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

const SPARK = { width: 100, height: 30 } as const;

export const makeIndexEntry = (name: string, review: Review): IndexEntry => ({
  name,
  title: titleOf(review),
  result: review.game.result ?? '',
  date: review.game.date ?? '',
  moves: review.moves.length,
  players: [summarizePlayer(review, 'B'), summarizePlayer(review, 'W')],
  spark: sparkOf(review),
});

export const makeIndexPage = (
  title: string,
  entries: readonly IndexEntry[],
  skipped: readonly Skipped[],
): string => {
  const games = `${entries.length} ${entries.length === 1 ? 'game' : 'games'}`;
  const rows = entries.map(
    ({ name, title: players, result, date, moves, players: [black, white], spark }) =>
      `<tr><td class="names"><a href="${escapeHtml(addressOf(name))}">${escapeHtml(players)}</a><br><span class="hint">${escapeHtml([name, date].filter(Boolean).join(' · '))}</span></td><td>${escapeHtml(result)}</td><td>${moves}</td><td>${spark === '' ? '' : drawSpark(spark)}</td>${[black, white].map(drawCells).join('')}</tr>`,
  );
  return wrapPage(
    title,
    `<h1>${escapeHtml(title)}</h1><p class="faint">${games}${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}</p>
<div class="card scroll"><table><thead><tr><th rowspan="2">game</th><th rowspan="2">result</th><th rowspan="2">moves</th><th rowspan="2">Black wins</th><th colspan="3"><span class="stone B"></span> Black</th><th colspan="3"><span class="stone W"></span> White</th></tr><tr>${'<th>lost a move</th><th>best</th><th>mistakes</th>'.repeat(2)}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>
${skipped.length > 0 ? `<h2>Skipped</h2><ul>${skipped.map(({ name, reason }) => `<li>${escapeHtml(name)}: <span class="problem">${escapeHtml(reason)}</span></li>`).join('\n')}</ul>` : ''}
<p class="hint">Lost a move: mean loss in points. Best: share of moves that were the first candidate. Mistakes: moves that lost 5 points and more.</p>`,
  );
};

const addressOf = (name: string): string => `${name.split('/').map(encodeURIComponent).join('/')}.html`;

const drawCells = ({ meanPointsLost, bestShare, counts }: PlayerSummary): string =>
  [
    meanPointsLost?.toFixed(2) ?? '–',
    bestShare === undefined ? '–' : `${(100 * bestShare).toFixed(0)} %`,
    `${counts.mistake + counts.blunder}`,
  ]
    .map(text => `<td>${text}</td>`)
    .join('');

const sparkOf = ({ positions }: Review): string => {
  const last = Math.max(1, positions.length - 1);
  return positions
    .flatMap(({ winrate }, i) =>
      winrate === undefined
        ? []
        : [`${((SPARK.width * i) / last).toFixed(1)},${(SPARK.height * (1 - winrate)).toFixed(1)}`],
    )
    .join(' ');
};

const drawSpark = (points: string): string =>
  `<svg class="spark" viewBox="0 0 ${SPARK.width} ${SPARK.height}" preserveAspectRatio="none"><line x1="0" x2="${SPARK.width}" y1="${SPARK.height / 2}" y2="${SPARK.height / 2}" style="stroke:var(--line)"/><polyline points="${points}" fill="none" style="stroke:var(--accent)" stroke-width="1.3" vector-effect="non-scaling-stroke"/></svg>`;
