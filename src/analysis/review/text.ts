/** A review for the terminal. */
import { titleOf } from './page.ts';
import { biggestMistakes, severityOf, summarizePlayer, type Review } from './review.ts';
import { chancesText, colorName, leadText, lossText, percent } from './words.ts';

/** Moves of a line that fit beside the numbers. */
const LINE_LENGTH = 6;

const SIGNS = { fine: '', inaccuracy: '?!', mistake: '?', blunder: '??' } as const;

/** A line for every move. */
export const makeMoveTable = (review: Review): string => {
  const { positions, moves } = review;
  const rows = moves.map((move, i) => {
    const position = positions[i + 1];
    const best = positions[i].candidates[0];
    return [
      `${i + 1}`.padStart(4),
      `${move.color} ${move.move}`.padEnd(6),
      SIGNS[severityOf(move)].padEnd(2),
      (position.winrate === undefined ? '' : percent(position.winrate)).padStart(7),
      (position.lead === undefined ? '' : leadText(position.lead)).padStart(7),
      (move.pointsLost === undefined ? '' : move.pointsLost.toFixed(1)).padStart(6),
      (move.winrateLost === undefined ? '' : (100 * move.winrateLost).toFixed(1)).padStart(6),
      `${move.rank}`.padStart(4),
      (best?.line ?? []).slice(0, LINE_LENGTH).join(' '),
    ].join('  ');
  });
  const head = 'move  played      Black     lead  points lost %  rank  best line';
  return `${[head, ...rows].join('\n')}\n`;
};

/** Players and the biggest mistakes. @param count most mistakes */
export const makeSummaryText = (review: Review, count: number): string => {
  const lines = [titleOf(review)];
  for (const color of ['B', 'W'] as const) {
    const { moves, meanPointsLost, bestShare, counts } = summarizePlayer(review, color);
    const parts = [
      `${moves} moves`,
      ...(meanPointsLost === undefined ? [] : [`${meanPointsLost.toFixed(2)} points lost a move`]),
      ...(bestShare === undefined ? [] : [`${percent(bestShare)} best moves`]),
      `inaccuracies ${counts.inaccuracy}, mistakes ${counts.mistake}, blunders ${counts.blunder}`,
    ];
    lines.push(`${colorName(color)}: ${parts.join(', ')}`);
  }
  for (const { number, move } of biggestMistakes(review, count)) {
    const before = review.positions[number - 1];
    const best = before.candidates[0];
    const better =
      best && best.move !== move.move ? `, better ${best.line.slice(0, LINE_LENGTH).join(' ')}` : '';
    const chances = [chancesText(before), chancesText(review.positions[number])].join(' -> ');
    lines.push(
      `  ${number}. ${colorName(move.color)} ${move.move} ${lossText(move) ?? ''} (${chances})${better}`,
    );
  }
  lines.push(...review.game.problems.map(problem => `  ${problem}`));
  return `${lines.join('\n')}\n`;
};
