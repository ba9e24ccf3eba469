import { describe, expect, test } from 'vitest';
import { heatColor, heatOf } from '../../src/draw/heat.ts';
import type { PositionAnalysis } from '../../src/server/protocol/messages.ts';
import { lossColor, lostStones, overlayMarks, type Mark } from '../../src/web/board/marks.ts';
import { OVERLAYS, overlaysOf, whyAbsent } from '../../src/web/board/overlay.ts';
import { spokenMark } from '../../src/web/board/spokenMark.ts';
import { diagram } from '../support/diagram.ts';

const game = diagram(`
  X . .
  . O .
`);

const ANALYSIS: PositionAnalysis = {
  node: 0,
  toPlay: 'B',
  visits: 1,
  policy: [0, 0.4, 0.1, 0.002, 0, 0.498, 0.0004],
  candidates: [
    { vertex: 'C1', visits: 0, prior: 0.498, line: ['C1'] },
    { vertex: 'B2', visits: 0, prior: 0.4, line: ['B2'] },
  ],
  evaluationMs: 8,
};

const SEARCHED: PositionAnalysis = {
  ...ANALYSIS,
  toPlay: 'W',
  visits: 1300,
  candidates: [
    { vertex: 'C1', visits: 1200, prior: 0.5, winrate: 0.4, line: ['C1'] },
    { vertex: 'B2', visits: 99, prior: 0.4, winrate: 0.5, line: ['B2'] },
    { vertex: 'pass', visits: 1, prior: 0.1, winrate: 0.9, line: ['pass'] },
    { vertex: 'C2', visits: 0, prior: 0.1, line: ['C2'] },
  ],
};

const marksOf = (overlay: Parameters<typeof overlayMarks>[0], analysis = ANALYSIS, numbers = true): Mark[] =>
  overlayMarks(overlay, analysis, game, numbers);

const at = (marks: readonly Mark[], x: number, y: number): Mark | undefined =>
  marks.find(mark => mark.x === x && mark.y === y);

describe('the heat map', () => {
  test('has a color that grows with the probability, the likeliest move the hottest', () => {
    const marks = marksOf('policy');
    const css = (probability: number): string => `rgb(${heatColor(heatOf(probability, 0.498)).join(' ')})`;
    expect(at(marks, 2, 1)).toMatchObject({ isBest: true, label: '50', color: css(0.498) });
    expect(at(marks, 1, 0)).toMatchObject({ isBest: false, label: '40', color: css(0.4) });
    expect(at(marks, 2, 0)).toMatchObject({ label: '10', color: css(0.1) });
    expect(at(marks, 1, 0)!.opacity).toBeGreaterThan(at(marks, 2, 0)!.opacity);
  });

  test('leaves out what is too unlikely to be seen', () => {
    expect(at(marksOf('policy'), 0, 1)).toBeUndefined();
  });

  test('has numbers only on demand', () => {
    expect(marksOf('policy', ANALYSIS, false).map(({ label }) => label)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('of an expert is there only if the network gives one', () => {
    expect(marksOf('expert')).toEqual([]);
    const expert = [0, 1, 0, 0, 0, 0];
    expect(marksOf('expert', { ...ANALYSIS, expert })).toMatchObject([{ x: 1, y: 0, label: '100' }]);
  });
});

describe('candidates', () => {
  test('have their visits, the most visited marked; a pass has no place', () => {
    expect(marksOf('visits', SEARCHED, false)).toMatchObject([
      { x: 2, y: 1, shape: 'disc', label: '1.2k', isBest: true },
      { x: 1, y: 0, shape: 'disc', label: '99', isBest: false },
    ]);
    expect(marksOf('visits')).toEqual([]);
  });

  test('have the win rate of the player to move, colored by what they lose', () => {
    const marks = marksOf('winrate', SEARCHED, false);
    expect(marks).toMatchObject([
      { label: '60', isBest: true, color: lossColor(0) },
      { label: '50', isBest: false },
    ]);
    expect(marks[1].color).not.toBe(lossColor(0));
    expect(marksOf('winrate')).toEqual([]);
  });

  test('that lose nothing, or more than all, are at the ends of the scale', () => {
    expect(lossColor(-0.2)).toBe(lossColor(0));
    expect(lossColor(0.9)).toBe(lossColor(0.15));
  });
});

describe('ownership', () => {
  const ownership = [-0.9, 0.6, 0.02, -0.3, 0.4, 1];
  const analysis = { ...ANALYSIS, ownership };

  test('is squares, larger where it is surer, none where it is open', () => {
    const marks = marksOf('ownership', analysis, false);
    expect(at(marks, 1, 0)!.size).toBeGreaterThan(at(marks, 0, 1)!.size);
    expect(at(marks, 2, 0)).toBeUndefined();
    expect(at(marks, 2, 1)!.color).not.toBe(at(marks, 0, 1)!.color);
  });

  test('shows which stones go to the other side', () => {
    expect(lostStones(analysis, game)).toEqual(['A2']);
    expect(lostStones(ANALYSIS, game)).toEqual([]);
  });
});

test('nothing is shown of an analysis of another board', () => {
  const other = { ...ANALYSIS, policy: [1, 0], expert: [1], ownership: [1] };
  for (const overlay of OVERLAYS) expect(overlayMarks(overlay, other, game, true)).toEqual([]);
  expect(lostStones(other, game)).toEqual([]);
  expect(spokenMark('policy', other, game, 'A1')).toBeUndefined();
});

test('overlays can be heard', () => {
  const analysis = { ...SEARCHED, ownership: [-0.9, 0, 0, 0, 0, 0.5] };
  expect(spokenMark('policy', analysis, game, 'B2')).toBe('40.0 percent');
  expect(spokenMark('policy', analysis, game, 'A2')).toBeUndefined();
  expect(spokenMark('visits', analysis, game, 'B2')).toBe('99 visits');
  expect(spokenMark('winrate', analysis, game, 'B2')).toBe('50.0 percent');
  expect(spokenMark('winrate', analysis, game, 'A1')).toBeUndefined();
  expect(spokenMark('ownership', analysis, game, 'A2')).toBe("90 percent White's");
  expect(spokenMark('ownership', analysis, game, 'C1')).toBe("50 percent Black's");
  expect(spokenMark('none', analysis, game, 'C1')).toBeUndefined();
});

describe('an overlay is refused, with the reason,', () => {
  const outputs = ['value'];

  test('if the network does not give it', () => {
    const sources = { analysis: ANALYSIS, mode: 'search', outputs } as const;
    expect(whyAbsent('expert', sources)).toMatch(/strong human/);
    expect(whyAbsent('ownership', sources)).toMatch(/whose a point/);
    expect(whyAbsent('policy', sources)).toBeUndefined();
  });

  test('and then it is not offered', () => {
    expect(overlaysOf([])).toEqual(['none', 'policy', 'visits', 'winrate']);
    expect(overlaysOf(['value', 'ownership'])).toEqual(['none', 'policy', 'visits', 'winrate', 'ownership']);
    expect(overlaysOf(['expert', 'ownership'])).toEqual([...OVERLAYS]);
  });

  test('if only a search finds it', () => {
    const sources = { analysis: ANALYSIS, mode: 'policy', outputs } as const;
    expect(whyAbsent('visits', sources)).toMatch(/search/);
    expect(whyAbsent('winrate', sources)).toMatch(/search/);
    expect(whyAbsent('visits', { ...sources, analysis: SEARCHED })).toBeUndefined();
    expect(whyAbsent('winrate', { ...sources, mode: 'search' })).toBeUndefined();
  });

  test('if analysis is off; the bare board is always there', () => {
    const sources = { analysis: undefined, mode: 'off', outputs } as const;
    for (const overlay of OVERLAYS)
      expect(whyAbsent(overlay, sources)).toBe(overlay === 'none' ? undefined : 'Analysis is off');
  });

  test('but not while what the network gives is on its way', () => {
    const sources = { analysis: undefined, mode: 'policy', outputs: ['expert', 'ownership'] } as const;
    expect(whyAbsent('expert', sources)).toBeUndefined();
    expect(whyAbsent('ownership', sources)).toBeUndefined();
  });
});
