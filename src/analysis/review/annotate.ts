/**
 * A game record with its review: what was in the record stays, and each node of the main line gets the chances (SBKV and SBKS,
 * from which Sabaki draws its graphs), a comment, marks for bad moves, letters on the next candidates, and the best line as a
 * variation where a move lost much.
 */
import { makeSgfPoint, parseVertex, type Dimensions } from '../../../engine/coords.ts';
import type { SgfNode } from '../../sgf/parse.ts';
import {
  severityOf,
  type Review,
  type ReviewCandidate,
  type ReviewMove,
  type ReviewPosition,
} from './review.ts';
import { chancesText, colorName, lossText, percent, rankText } from './words.ts';

/** A node under construction. */
interface Draft {
  properties: Record<string, readonly string[]>;
  children: SgfNode[];
}

/** Moves of a variation: what follows is guessed more than read. */
const VARIATION_LENGTH = 10;

/** Candidates with a letter. */
const LETTERS = ['A', 'B', 'C', 'D'] as const;

/** SGF's words for bad moves: DO is doubtful, BM bad, BM[2] very bad. */
const MARKS = {
  fine: {},
  inaccuracy: { DO: [''] },
  mistake: { BM: ['1'] },
  blunder: { BM: ['2'] },
} as const;

/** The tree with the review in it; the given one is not changed. */
export const annotate = (root: SgfNode, review: Review): SgfNode => {
  const { positions, moves, game } = review;
  const result: Draft = { properties: { ...root.properties, CA: ['UTF-8'] }, children: [...root.children] };
  // The review may end before the main line does: at what the record's reader cannot follow.
  let played = 0;
  for (let draft = result, node = root; ;) {
    played += countMoves(node);
    const move = moves[played - 1];
    const isPosition = node === root || countMoves(node) > 0;
    if (isPosition && positions[played])
      Object.assign(draft.properties, propertiesOf(draft, review, played, move));
    const next = node.children[0];
    if (!next || played > moves.length) break;
    const child: Draft = { properties: { ...next.properties }, children: [...next.children] };
    const variation =
      countMoves(next) > 0 ? makeVariation(positions[played], moves[played], game) : undefined;
    draft.children = [child, ...draft.children.slice(1), ...(variation ? [variation] : [])];
    [draft, node] = [child, next];
  }
  return result;
};

const countMoves = ({ properties }: SgfNode): number => Number('B' in properties) + Number('W' in properties);

const propertiesOf = (
  { properties }: Draft,
  { positions, game }: Review,
  played: number,
  move: ReviewMove | undefined,
): Record<string, readonly string[]> => {
  const position = positions[played];
  const { winrate, lead } = position;
  const text = makeComment(position, move, positions[played - 1]);
  const own = properties['C']?.[0];
  const labels = properties['LB'] ?? lettersOn(position, game);
  return {
    ...(winrate === undefined ? {} : { SBKV: [(100 * winrate).toFixed(2)] }),
    ...(lead === undefined ? {} : { SBKS: [lead.toFixed(2)] }),
    ...(move ? MARKS[severityOf(move)] : {}),
    ...(labels.length > 0 ? { LB: labels } : {}),
    C: [own === undefined ? text : `${own}\n\n${text}`],
  };
};

const makeComment = (
  position: ReviewPosition,
  move: ReviewMove | undefined,
  before: ReviewPosition | undefined,
): string => {
  const lines = [chancesText(position)];
  if (move && before) {
    const loss = lossText(move);
    lines.push(
      `${colorName(move.color)} ${move.move}: ${[rankText(move.rank), loss].filter(Boolean).join(', ')}`,
    );
    const best = before.candidates[0];
    if (best && best.move !== move.move)
      lines.push(`Better: ${best.move} (${candidateText(best)}): ${best.line.join(' ')}`);
  }
  const next = position.candidates.slice(0, LETTERS.length);
  if (next.length > 0) lines.push('', `${colorName(position.toPlay)} to play:`);
  for (const [i, candidate] of next.entries())
    lines.push(`${LETTERS[i]} ${candidate.move}: ${candidateText(candidate)}`);
  return lines.join('\n');
};

const candidateText = (candidate: ReviewCandidate): string =>
  [chancesText(candidate), `${candidate.visits} visits`, `prior ${percent(candidate.prior)}`]
    .filter(part => part !== '')
    .join(', ');

const lettersOn = ({ candidates }: ReviewPosition, board: Dimensions): string[] =>
  candidates.slice(0, LETTERS.length).flatMap(({ move }, i) => {
    const point = sgfPoint(move, board);
    return point === '' ? [] : [`${point}:${LETTERS[i]}`];
  });

/** The best line, where the move that was played lost much. */
const makeVariation = (
  position: ReviewPosition | undefined,
  move: ReviewMove | undefined,
  board: Dimensions,
): SgfNode | undefined => {
  const best = position?.candidates[0];
  if (!position || !move || !best || best.move === move.move || severityOf(move) === 'fine') return undefined;
  const line = best.line.slice(0, VARIATION_LENGTH);
  let node: SgfNode | undefined;
  for (const [i, vertex] of [...line.entries()].toReversed()) {
    const isOwn = i % 2 === 0;
    const color = isOwn === (position.toPlay === 'B') ? 'B' : 'W';
    const comment = i === 0 ? { C: [`Better: ${candidateText(best)}`] } : {};
    node = {
      properties: { [color]: [sgfPoint(vertex, board)], ...comment },
      children: node ? [node] : [],
    };
  }
  return node;
};

const sgfPoint = (vertex: string, board: Dimensions): string =>
  makeSgfPoint(parseVertex(vertex, board)!, board);
