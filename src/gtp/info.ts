/**
 * Analyses as text. The form of every line is what all known clients parse: single blanks, floats with a decimal point in
 * KataGo's form and integers in Leela Zero's, the line of moves last in each block and never empty, and nothing that was
 * not asked for.
 */
import type { Analysis, Candidate } from '../../engine/analysis.ts';
import { makeVertex, type Dimensions } from '../../engine/coords.ts';
import type { Point } from '../../engine/types.ts';

export interface InfoOptions {
  readonly form: 'lz' | 'kata';
  readonly rootInfo: boolean;
  readonly ownership: boolean;
  readonly movesOwnership: boolean;
  readonly pvVisits: boolean;
}

/** Win rate from 0 to 1 of a value in [-1, 1]. NaN would kill clients: where nobody knows, the chances are even. */
const winrateOf = (value = 0): number => (1 + value) / 2;

const float = (value: number): string => value.toFixed(6);
const permyriad = (share: number): string => String(Math.round(10000 * share));
const floats = (values: Float32Array): string => Array.from(values, float).join(' ');

/** One line with a block for each candidate, best first. */
export const makeInfo = (board: Dimensions, analysis: Analysis, options: InfoOptions): string => {
  const make = options.form === 'lz' ? makeLzBlock : makeKataBlock;
  const blocks = analysis.candidates.map((candidate, order) => make(board, candidate, order, options));
  if (options.form === 'kata' && options.rootInfo) blocks.push(makeRoot(analysis));
  if (options.form === 'kata' && options.ownership && analysis.ownership)
    blocks.push(`ownership ${floats(analysis.ownership)}`);
  return blocks.join(' ');
};

const vertices = (board: Dimensions, line: readonly Point[]): string =>
  line.map(point => makeVertex(point, board)).join(' ');

const makeLzBlock = (board: Dimensions, candidate: Candidate, order: number): string => {
  const { point, visits, prior, value, lead, line } = candidate;
  const winrate = permyriad(winrateOf(value));
  // Lizzie and LizzieYzy read the lead in this form too.
  const score = lead === undefined ? '' : ` scoreMean ${float(lead)}`;
  return `info move ${makeVertex(point, board)} visits ${visits} winrate ${winrate}${score} prior ${permyriad(prior)} lcb ${winrate} order ${order} pv ${vertices(board, line)}`;
};

const makeKataBlock = (
  board: Dimensions,
  candidate: Candidate,
  order: number,
  { pvVisits, movesOwnership }: InfoOptions,
): string => {
  const { point, visits, prior, value, lead, line, ownership } = candidate;
  const fields = [`info move ${makeVertex(point, board)} visits ${visits} edgeVisits ${visits}`];
  if (value !== undefined) fields.push(`utility ${float(value)}`);
  fields.push(`winrate ${float(winrateOf(value))}`);
  if (lead !== undefined)
    fields.push(`scoreMean ${float(lead)} scoreLead ${float(lead)} scoreSelfplay ${float(lead)}`);
  fields.push(`prior ${float(prior)} lcb ${float(winrateOf(value))}`);
  if (value !== undefined) fields.push(`utilityLcb ${float(value)}`);
  fields.push(`weight ${float(visits)} order ${order} pv ${vertices(board, line)}`);
  if (pvVisits) fields.push(`pvVisits ${line.map(() => visits).join(' ')}`);
  if (movesOwnership && ownership) fields.push(`movesOwnership ${floats(ownership)}`);
  return fields.join(' ');
};

const makeRoot = ({ visits, value, lead }: Analysis): string => {
  const fields = [`rootInfo visits ${visits}`];
  if (value !== undefined) fields.push(`utility ${float(value)} winrate ${float(winrateOf(value))}`);
  if (lead !== undefined)
    fields.push(`scoreMean ${float(lead)} scoreLead ${float(lead)} scoreSelfplay ${float(lead)}`);
  return fields.join(' ');
};

/** Leela Zero's summary after a move, for stderr: Lizzie, LizzieYzy and gtp2ogs read it. One line a candidate, then the visits. */
export const makeSummary = (board: Dimensions, { candidates, visits }: Analysis): string => {
  const percent = (share: number): string => (100 * share).toFixed(2).padStart(5);
  const lines = candidates.map(({ point, visits: seen, value, prior, line }) => {
    const winrate = percent(winrateOf(value));
    return `${makeVertex(point, board).padStart(4)} -> ${String(seen).padStart(7)} (V: ${winrate}%) (LCB: ${winrate}%) (N: ${percent(prior)}%) PV: ${vertices(board, line)}`;
  });
  return [...lines, `${visits} visits`].join('\n');
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
