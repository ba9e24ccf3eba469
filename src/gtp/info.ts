/**
 * Analyses as text. The form of every line is what all known clients parse: single blanks, floats with a decimal point in
 * KataGo's form and integers in Leela Zero's, the line of moves last in each block and never empty, and nothing that was
 * not asked for.
 */
import type { Analysis, Candidate } from '../../engine/analysis.ts';
import { makeVertex, type Dimensions } from '../../engine/coords.ts';
import type { Point } from '../../engine/types.ts';
import type { Effort } from './player.ts';

/** What KataGo's form may be asked to add. */
export const INFO_FLAGS = [
  'rootInfo',
  'ownership',
  'ownershipStdev',
  'movesOwnership',
  'movesOwnershipStdev',
  'pvVisits',
  'pvEdgeVisits',
  'noResultValue',
] as const;
export type InfoFlag = (typeof INFO_FLAGS)[number];

export interface InfoOptions {
  readonly form: 'lz' | 'kata';
  readonly flags: ReadonlySet<InfoFlag>;
}

/** Moves in Leela Zero's summary. */
const SUMMARIZED = 10;

/** Win rate from 0 to 1 of a value in [-1, 1]. NaN would kill clients: where nobody knows, the chances are even. */
const winrateOf = (value = 0): number => (1 + value) / 2;

const float = (value: number): string => value.toFixed(6);
const permyriad = (share: number): string => String(Math.round(10000 * share));

/**
 * Thousandths from -1 to 1 as text: with the ownership after every candidate a line has a hundred thousand of them, and
 * nothing else may wait so long.
 */
const THOUSANDTHS = Array.from({ length: 2001 }, (_, i) => ((i - 1000) / 1000).toFixed(3));

const floats = (values: Float32Array): string => {
  let text = '';
  for (const value of values) text += ` ${THOUSANDTHS[Math.round(1000 * value) + 1000]}`;
  return text;
};

/** One line with a block for each candidate, best first. */
export const makeInfo = (board: Dimensions, analysis: Analysis, { form, flags }: InfoOptions): string => {
  const blocks = analysis.candidates.map((candidate, order) => {
    // A move that was never tried is worth what the position is worth.
    const known = candidate.value === undefined ? { ...candidate, value: analysis.value } : candidate;
    return form === 'lz' ? makeLzBlock(board, known, order) : makeKataBlock(board, known, order, flags);
  });
  if (flags.has('rootInfo')) blocks.push(makeRoot(analysis));
  let line = blocks.join(' ');
  if (flags.has('ownership') && analysis.ownership) line += ` ownership${floats(analysis.ownership)}`;
  if (flags.has('ownershipStdev') && analysis.ownershipDeviation)
    line += ` ownershipStdev${floats(analysis.ownershipDeviation)}`;
  return line;
};

const vertices = (board: Dimensions, line: readonly Point[]): string =>
  line.map(point => makeVertex(point, board)).join(' ');

const makeLzBlock = (board: Dimensions, candidate: Candidate, order: number): string => {
  const { point, visits, prior, value, lowerBound = value, lead, line } = candidate;
  // Lizzie and LizzieYzy read the lead in this form too.
  const score = lead === undefined ? '' : ` scoreMean ${float(lead)}`;
  return `info move ${makeVertex(point, board)} visits ${visits} winrate ${permyriad(winrateOf(value))}${score} prior ${permyriad(prior)} lcb ${permyriad(winrateOf(lowerBound))} order ${order} pv ${vertices(board, line)}`;
};

/** Lead and its deviation, as far as they are known, in KataGo's order. */
const scoreFields = ({ lead, leadDeviation }: Pick<Candidate, 'lead' | 'leadDeviation'>): string[] => {
  if (lead === undefined) return [];
  const deviation = leadDeviation === undefined ? '' : ` scoreStdev ${float(leadDeviation)}`;
  return [`scoreMean ${float(lead)}${deviation} scoreLead ${float(lead)} scoreSelfplay ${float(lead)}`];
};

const makeKataBlock = (
  board: Dimensions,
  candidate: Candidate,
  order: number,
  flags: ReadonlySet<InfoFlag>,
): string => {
  const { point, visits, prior, value, lowerBound = value, line, lineVisits } = candidate;
  const { ownership, ownershipDeviation } = candidate;
  const fields = [`info move ${makeVertex(point, board)} visits ${visits} edgeVisits ${visits}`];
  if (value !== undefined) fields.push(`utility ${float(value)}`);
  fields.push(`winrate ${float(winrateOf(value))}`);
  // Superko leaves no game without a result.
  if (flags.has('noResultValue')) fields.push('noResultValue 0.000000');
  fields.push(...scoreFields(candidate), `prior ${float(prior)} lcb ${float(winrateOf(lowerBound))}`);
  if (lowerBound !== undefined) fields.push(`utilityLcb ${float(lowerBound)}`);
  fields.push(`weight ${float(visits)} order ${order} pv ${vertices(board, line)}`);
  if (flags.has('pvVisits')) fields.push(`pvVisits ${lineVisits.join(' ')}`);
  if (flags.has('pvEdgeVisits')) fields.push(`pvEdgeVisits ${lineVisits.join(' ')}`);
  if (flags.has('movesOwnership') && ownership) fields.push(`movesOwnership${floats(ownership)}`);
  if (flags.has('movesOwnershipStdev') && ownershipDeviation)
    fields.push(`movesOwnershipStdev${floats(ownershipDeviation)}`);
  return fields.join(' ');
};

const makeRoot = (analysis: Analysis): string => {
  const { visits, value } = analysis;
  const fields = [`rootInfo visits ${visits}`];
  if (value !== undefined) fields.push(`utility ${float(value)} winrate ${float(winrateOf(value))}`);
  fields.push(...scoreFields(analysis), `weight ${float(visits)}`);
  return fields.join(' ');
};

/**
 * Leela Zero's summary after a move, for stderr: Lizzie, LizzieYzy and gtp2ogs read it. One line a candidate, then the visits.
 * @param effort of the search, if there was one
 */
export const makeSummary = (
  board: Dimensions,
  { candidates, visits }: Analysis,
  effort: Effort | undefined,
): string => {
  const percent = (share: number): string => (100 * share).toFixed(2).padStart(5);
  const lines = candidates.slice(0, SUMMARIZED).map(candidate => {
    const { point, visits: seen, value, lowerBound, prior, line } = candidate;
    return `${makeVertex(point, board).padStart(4)} -> ${String(seen).padStart(7)} (V: ${percent(winrateOf(value))}%) (LCB: ${percent(winrateOf(lowerBound ?? value))}%) (N: ${percent(prior)}%) PV: ${vertices(board, line)}`;
  });
  return [...lines, makeEffort(visits, effort)].join('\n');
};

const makeEffort = (visits: number, effort: Effort | undefined): string => {
  if (!effort) return `${visits} visits`;
  const { playouts, nodes, elapsedMs } = effort;
  const speed = Math.round((1000 * playouts) / Math.max(1, elapsedMs));
  return `${visits} visits, ${nodes} nodes, ${playouts} playouts, ${speed} n/s`;
};

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** CGOS's one line of JSON: values for the player to move, lines of moves without the move itself. */
export const makeCgosJson = (board: Dimensions, analysis: Analysis): string => {
  const { value, lead, visits, ownership, candidates } = analysis;
  return JSON.stringify({
    moves: candidates.map(candidate => ({
      move: makeVertex(candidate.point, board),
      winrate: candidate.value === undefined ? undefined : winrateOf(candidate.value),
      score: candidate.lead,
      prior: candidate.prior,
      visits: candidate.visits,
      pv: vertices(board, candidate.line.slice(1)),
    })),
    winrate: value === undefined ? undefined : winrateOf(value),
    score: lead,
    visits,
    ownership: ownership
      ? Array.from(ownership, owner => ALPHABET[Math.round(((owner + 1) / 2) * 62)]).join('')
      : undefined,
  });
};
