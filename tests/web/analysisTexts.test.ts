import { describe, expect, test } from 'vitest';
import type { PositionAnalysis } from '../../src/server/protocol/messages.ts';
import { candidateRows, inOrderOf } from '../../src/web/analysis/candidates.ts';
import { legendOf } from '../../src/web/analysis/legend.ts';
import { outlookOf } from '../../src/web/analysis/outlook.ts';

const ANALYSIS: PositionAnalysis = {
  node: 3,
  toPlay: 'W',
  visits: 1,
  policy: [0.5, 0.25, 0, 0.2, 0.05],
  candidates: [
    { vertex: 'A2', visits: 1500, prior: 0.5, winrate: 0.4, lead: -2, line: ['A2', 'B2', 'pass'] },
    { vertex: 'pass', visits: 0, prior: 0.05, line: ['pass'] },
  ],
  evaluationMs: 8.4,
};

describe('considered moves', () => {
  test('are told for the player to move', () => {
    expect(candidateRows(ANALYSIS)[0]).toEqual({
      vertex: 'A2',
      move: 'A2',
      prior: 0.5,
      priorText: '50.0 %',
      visits: '1.5k',
      winrate: '60.0 %',
      lead: '+2.0',
      answer: 'B2 Pass',
    });
  });

  test('leave out what is not known', () => {
    expect(candidateRows(ANALYSIS)[1]).toMatchObject({
      move: 'Pass',
      visits: undefined,
      winrate: undefined,
      lead: undefined,
      answer: '',
    });
  });

  test('are at most ten', () => {
    const candidates = Array.from({ length: 30 }, () => ANALYSIS.candidates[0]);
    expect(candidateRows({ ...ANALYSIS, candidates })).toHaveLength(10);
  });

  test('keep an order of before, new ones behind', () => {
    const candidates = ['C3', 'D4', 'A1', 'B2'].map(vertex => ({ ...ANALYSIS.candidates[0], vertex }));
    const rows = inOrderOf(candidateRows({ ...ANALYSIS, candidates }), ['A1', 'E5', 'C3']);
    expect(rows.map(({ vertex }) => vertex)).toEqual(['A1', 'C3', 'D4', 'B2']);
  });
});

describe('the outlook', () => {
  const outputs = ['value', 'lead'];

  test("is Black's, with the network's time", () => {
    const analysis = { ...ANALYSIS, winrate: 0.563, lead: 2.44 };
    expect(outlookOf({ analysis, mode: 'policy', outputs })).toEqual({
      winrate: 0.563,
      headline: 'Black 56.3 %, +2.4 points',
      details: ['Heat map in 8 ms'],
    });
  });

  test('of a search has its visits', () => {
    const analysis = { ...ANALYSIS, visits: 12_345, evaluationMs: 1234, winrate: 0.5 };
    const { headline, details } = outlookOf({ analysis, mode: 'search', outputs });
    expect(headline).toBe('Black 50.0 %');
    expect(details).toEqual(['Heat map in 1.2 s', '12,345 visits']);
  });

  test('is not made up where the network has none', () => {
    const { winrate, headline } = outlookOf({ analysis: ANALYSIS, mode: 'policy', outputs: [] });
    expect(winrate).toBeUndefined();
    expect(headline).toMatch(/does not say/);
  });

  test('says that it is off, or on its way', () => {
    expect(outlookOf({ analysis: undefined, mode: 'off', outputs }).headline).toBe('Analysis is off');
    expect(outlookOf({ analysis: undefined, mode: 'policy', outputs }).headline).toBe('Looking …');
  });
});

describe('the legend', () => {
  test('of probabilities ends at the likeliest point and tells of the pass', () => {
    expect(legendOf('policy', ANALYSIS)).toMatchObject({ from: '0 %', to: '50 %', also: 'Pass 5.0 %' });
  });

  test('is there only for what there is', () => {
    expect(legendOf('none', ANALYSIS)).toBeUndefined();
    expect(legendOf('expert', ANALYSIS)).toBeUndefined();
    expect(legendOf('policy', undefined)).toBeUndefined();
  });

  test('of a search is in visits and in what a move loses', () => {
    expect(legendOf('visits', ANALYSIS)!.to).toBe('1.5k');
    expect(legendOf('winrate', ANALYSIS)!.to).toBe('15 % worse');
    expect(legendOf('ownership', ANALYSIS)!.from).toBe('White');
  });
});
