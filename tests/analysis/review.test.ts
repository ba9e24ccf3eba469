import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script, runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScriptedEvaluator, type Evaluator } from '../../engine/evaluator.ts';
import { BLACK } from '../../engine/types.ts';
import { annotate } from '../../src/analysis/review/annotate.ts';
import { makeIndexEntry, makeIndexPage } from '../../src/analysis/review/indexPage.ts';
import { makeOwnershipText } from '../../src/analysis/review/ownershipText.ts';
import { makeReviewPage } from '../../src/analysis/review/page.ts';
import { PAGE_BOARD } from '../../src/analysis/review/pageBoard.ts';
import {
  biggestMistakes,
  severityOf,
  summarizePlayer,
  type Review,
  type ReviewMove,
} from '../../src/analysis/review/review.ts';
import { ReviewAborted, reviewGame } from '../../src/analysis/review/reviewGame.ts';
import { ReviewStore, sourceOf } from '../../src/analysis/review/store.ts';
import { makeMoveTable, makeSummaryText } from '../../src/analysis/review/text.ts';
import { chancesText, lossText, rankText } from '../../src/analysis/review/words.ts';
import { mainLine, readRecord } from '../../src/sgf/record.ts';
import { parseSgf, type SgfNode } from '../../src/sgf/parse.ts';
import { makeSgf } from '../../src/sgf/write.ts';
import { connectSearches } from '../support/localSearches.ts';
import { opinionated } from './support.ts';

/** Black is ahead by what has been played on the left half of a 9x9 board: three points a stone there, for whoever owns it. */
const leftist = (): Evaluator =>
  new ScriptedEvaluator(
    ({ board, toPlay }) => {
      let lead = 0;
      for (const point of board.points)
        if (board.indexOf[point] % 9 < 4 && board.stones[point] !== 0)
          lead += board.stones[point] === toPlay ? 3 : -3;
      return {
        policy: Float32Array.from({ length: 82 }, (_, i) => (i === 40 ? 2 : 1)),
        value: Math.tanh(lead / 20),
        lead,
        ownership: new Float32Array(81).fill(toPlay === BLACK ? 1 : -1),
      };
    },
    ['policy', 'pass', 'value', 'lead', 'ownership'],
  );

const review = async (sgf: string, visits = 1, evaluator = leftist()): Promise<Review> =>
  reviewGame(await connectSearches(evaluator).newSearch(), readRecord(parseSgf(sgf)[0]), {
    settings: { network: 'net', networkHash: 'ab', visits, seed: 1 },
    source: 'somewhere',
    result: 'B+R',
  });

const GAME = '(;GM[1]SZ[9]KM[5.5]PB[Anna]BR[3k]PW[Bo];B[aa];W[ii];B[ba];W[hi];B[ih];W[gi])';

describe('a review', () => {
  test('has a position before the first move and one after each', async () => {
    const { positions, moves, game } = await review(GAME);
    expect(positions.map(({ lead }) => lead)).toEqual([0, 3, 3, 6, 6, 6, 6]);
    expect(positions.map(({ toPlay }) => toPlay).join('')).toBe('BWBWBWB');
    expect(positions[1].winrate).toBeCloseTo((1 + Math.tanh(3 / 20)) / 2, 3);
    expect(moves.map(({ move }) => move)).toEqual(['A9', 'J1', 'B9', 'H1', 'J2', 'G1']);
    expect(moves.map(({ pointsLost }) => pointsLost)).toEqual([-3, 0, -3, 0, 0, 0]);
    expect(game).toMatchObject({ black: 'Anna', blackRank: '3k', white: 'Bo', komi: 5.5, result: 'B+R' });
    expect(positions[0].ownership).toBe('-'.repeat(81));
  });

  test('ranks a move among the candidates, and among the likely moves if none has visits', async () => {
    const unsearched = await review('(;SZ[9];B[ee];W[aa];B[ba])');
    expect(unsearched.moves.map(({ rank }) => rank)).toEqual([1, 1, 1]);
    const searched = await review('(;SZ[9];B[ii];W[aa])', 60);
    const [first] = searched.moves;
    const { candidates } = searched.positions[0];
    expect(candidates[0].lead).toBeGreaterThanOrEqual(3);
    expect(first.rank).toBeGreaterThan(1);
    expect(first.pointsLost).toBeGreaterThan(0);
  });

  test('knows which stones a move takes', async () => {
    const { moves } = await review('(;SZ[9];B[ba];W[aa];B[ab];W[ee];B[ei])');
    expect(moves.map(({ captures }) => captures)).toEqual([[], [], ['A9'], [], []]);
  });

  test('tells handicap stones, whose turn it is, and players who move twice', async () => {
    const { game, positions } = await review('(;SZ[9]HA[2]AB[cc][gg];W[ee];W[ef])');
    expect(game.setup).toEqual({ black: ['C7', 'G3'], white: [] });
    expect(positions.map(({ toPlay }) => toPlay)).toEqual(['W', 'W', 'B']);
  });

  test('ends where a move cannot be played, and says so', async () => {
    const { moves, positions, game } = await review('(;SZ[9];B[aa];W[aa];B[ba])');
    expect([moves.length, positions.length]).toEqual([1, 2]);
    expect(game.problems).toEqual(['move 2, A9, cannot be played (occupied): the rest is left out']);
  });

  test('is the same whenever the same is asked', async () => {
    const first = await review(GAME, 80, opinionated());
    expect(await review(GAME, 80, opinionated())).toEqual(first);
    expect(first.positions.every(({ visits }) => visits >= 80)).toBe(true);
  });

  test('breaks off when told to', async () => {
    const stop = new AbortController();
    const search = await connectSearches(opinionated()).newSearch();
    const reviewing = reviewGame(search, readRecord(parseSgf(GAME)[0]), {
      settings: { network: 'net', networkHash: 'ab', visits: 1e7, seed: 1 },
      source: '',
      result: undefined,
      signal: stop.signal,
    });
    setTimeout(() => stop.abort(), 10);
    await expect(reviewing).rejects.toThrow(ReviewAborted);
  });

  test('of a network that knows no lead and no ownership has none, and goes by win rates', async () => {
    const evaluator = new ScriptedEvaluator(
      ({ moveCount, toPlay }) => ({
        policy: new Float32Array(81).fill(1),
        value: (toPlay === BLACK ? -1 : 1) * 0.3 * moveCount,
      }),
      ['policy', 'value'],
    );
    const result = await review('(;SZ[9];B[aa];W[bb])', 1, evaluator);
    expect(result.positions[1]).not.toHaveProperty('lead');
    expect(result.positions[1]).not.toHaveProperty('ownership');
    expect(result.moves[0].pointsLost).toBeUndefined();
    expect(severityOf(result.moves[0])).toBe('mistake');
    expect(makeMoveTable(result)).toContain('35.0 %');
  });
});

const move = (color: 'B' | 'W', pointsLost: number, rank = 2): ReviewMove => ({
  color,
  move: 'D4',
  captures: [],
  pointsLost,
  winrateLost: pointsLost / 50,
  rank,
});

/** A review of which only the moves count. */
const withMoves = (moves: readonly ReviewMove[]): Review => ({
  version: 1,
  source: '',
  settings: { network: 'net', networkHash: 'ab', visits: 1, seed: 1 },
  game: {
    black: 'Anna',
    white: '</script><b>',
    komi: 7,
    width: 9,
    height: 9,
    setup: { black: [], white: [] },
    problems: [],
  },
  positions: Array.from({ length: moves.length + 1 }, () => ({
    toPlay: 'B',
    visits: 1,
    winrate: 0.5,
    lead: 0,
    candidates: [],
  })),
  moves,
});

test('mistakes are listed by what they lost, fine moves never', () => {
  const losses = [1.9, 2, -8, 5, 12, 9.9];
  const mistakes = biggestMistakes(withMoves(losses.map(loss => move('B', loss))), 4);
  expect(mistakes.map(({ number, severity }) => `${number} ${severity}`)).toEqual([
    '5 blunder',
    '6 mistake',
    '4 mistake',
    '2 inaccuracy',
  ]);
});

test('a player is summed up: gains do not make up for losses', () => {
  const moves = [move('B', 4, 1), move('W', 1), move('B', -4, 3), move('B', 11)];
  expect(summarizePlayer(withMoves(moves), 'B')).toEqual({
    moves: 3,
    meanPointsLost: 5,
    bestShare: 1 / 3,
    counts: { fine: 1, inaccuracy: 1, mistake: 0, blunder: 1 },
  });
  expect(summarizePlayer(withMoves([]), 'W')).toMatchObject({ moves: 0, meanPointsLost: undefined });
});

test('numbers are told as people read them', () => {
  expect(chancesText({ winrate: 0.5432, lead: -3.25 })).toBe('Black 54.3 %, W+3.3');
  expect(chancesText({})).toBe('');
  expect(lossText(move('B', 3.21))).toBe('lost 3.2 points and 6.4 %');
  expect(lossText(move('B', -1))).toBeUndefined();
  expect([1, 2, 3, 4, 11, 12, 21, 113].map(rankText)).toEqual([
    'best move',
    '2nd choice',
    '3rd choice',
    '4th choice',
    '11th choice',
    '12th choice',
    '21st choice',
    '113th choice',
  ]);
  expect(makeOwnershipText([-1, 0, 1])).toBe('Af-');
});

describe('an annotated record', () => {
  let result: Review;
  let root: SgfNode;
  let nodes: SgfNode[];
  beforeAll(async () => {
    const sgf =
      '(;GM[1]SZ[9]KM[5.5]PB[Anna]PW[Bo]C[a final];B[ii]C[my \\] move];W[aa](;B[ab]LB[cc:x])(;B[cc];W[dd]))';
    root = parseSgf(sgf)[0];
    result = await review(sgf, 60);
    nodes = mainLine(parseSgf(makeSgf(annotate(root, result)))[0]);
  });

  test('keeps what was there', () => {
    expect(nodes.map(({ properties }) => properties['B'] ?? properties['W'])).toEqual([
      undefined,
      ['ii'],
      ['aa'],
      ['ab'],
    ]);
    expect(nodes[0].properties).toMatchObject({ PB: ['Anna'], KM: ['5.5'], CA: ['UTF-8'] });
    expect(nodes[1].properties['C'][0]).toMatch(/^my ] move\n\nBlack \d/);
    expect(nodes[3].properties['LB']).toEqual(['cc:x']);
    expect(nodes[2].children[1].properties).toEqual({ B: ['cc'] });
    expect(nodes[2].children[1].children[0].properties).toEqual({ W: ['dd'] });
    expect(root.properties).not.toHaveProperty('SBKV');
  });

  test('has the chances of every position, from which Sabaki draws its graphs', () => {
    expect(nodes.map(({ properties }) => Number(properties['SBKV'][0]))).toEqual(
      result.positions.map(({ winrate }) => expect.closeTo(100 * winrate!, 2) as number),
    );
    expect(nodes.map(({ properties }) => Number(properties['SBKS'][0]))).toEqual(
      result.positions.map(({ lead }) => lead),
    );
  });

  test('has letters on the next candidates, and names them in the comment', () => {
    const [best] = result.positions[0].candidates;
    expect(nodes[0].properties['LB']).toHaveLength(4);
    expect(nodes[0].properties['LB'][0]).toMatch(/:A$/);
    expect(nodes[0].properties['C'][0]).toContain(`Black to play:\nA ${best.move}: `);
  });

  test('marks a move that lost much and shows the better line beside it', () => {
    expect(severityOf(result.moves[0])).not.toBe('fine');
    expect(nodes[1].properties).toHaveProperty(severityOf(result.moves[0]) === 'inaccuracy' ? 'DO' : 'BM');
    expect(nodes[1].properties['C'][0]).toContain(`Better: ${result.positions[0].candidates[0].move}`);
    const variation = nodes[0].children[1];
    expect(variation.properties['C'][0]).toMatch(/^Better: Black /);
    const line = mainLine(variation).map(({ properties }) => (properties['B'] ? 'B' : 'W'));
    expect(line.join('')).toMatch(/^(BW)*B?$/);
    expect(nodes[2].properties).not.toHaveProperty('BM');
  });
});

describe('a page', () => {
  test('is one file that loads nothing and holds the review', async () => {
    const result = await review(GAME, 20);
    const page = makeReviewPage(result, '../index.html');
    expect(page).not.toMatch(/(src|href)="?https?:/);
    expect(page).toContain('<a href="../index.html">');
    const data = /<script type="application\/json" id="data">(.*)<\/script>/.exec(page)![1];
    expect(JSON.parse(data)).toEqual(JSON.parse(JSON.stringify(result)));
    const script = /<script>(const D[^]*)<\/script>/.exec(page)![1];
    expect(() => new Script(script)).not.toThrow();
  });

  test('draws the stones of each position, without those that were taken', async () => {
    const result = await review('(;SZ[9]AB[cc]AW[gg];B[ba];W[aa];B[ab];W[])', 1);
    const drawn = runInNewContext(`${PAGE_BOARD}; D.positions.map((_, at) => drawBoard(at, undefined, {}))`, {
      D: result,
    }) as string[];
    expect(drawn.map(svg => svg.match(/r="14.2"/g)!.length)).toEqual([2, 3, 4, 4, 4]);
  });

  test('lists the mistakes, with what was better unless the search had wanted the same move', () => {
    const candidate = { visits: 9, prior: 0.5, winrate: 0.5, lead: 0, line: ['D4'] };
    const position = { toPlay: 'B', visits: 9, winrate: 0.5, lead: 0, candidates: [] } as const;
    const played = withMoves([move('B', 6), move('W', 7)]);
    const result: Review = {
      ...played,
      positions: [
        { ...position, candidates: [{ ...candidate, move: 'C3' }] },
        { ...position, candidates: [{ ...candidate, move: 'D4' }] },
        position,
      ],
    };
    const elements: Record<string, { innerHTML: string; textContent: string }> = {};
    const script = /<script>(const D[^]*)<\/script>/.exec(makeReviewPage(result))![1];
    runInNewContext(script, {
      document: {
        getElementById: (id: string) =>
          (elements[id] ??= { innerHTML: '', textContent: id === 'data' ? JSON.stringify(result) : '' }),
        querySelectorAll: () => [],
      },
      location: { hash: '' },
      history: { replaceState: () => {} },
      addEventListener: () => {},
    });
    const rows = elements['mistakes'].innerHTML.match(/<tr data-go.*?<\/tr>/g)!;
    expect(
      rows.map(row =>
        row
          .replaceAll(/<[^>]*>/g, ' ')
          .trim()
          .split(/ {2,}/),
      ),
    ).toEqual([
      ['2. D4', '7.0 points, 14.0 %'],
      ['1. D4', '6.0 points, 12.0 %', 'C3'],
    ]);
  });

  test('cannot be broken by names', () => {
    const result = withMoves([move('B', 1)]);
    expect(makeReviewPage(result)).not.toContain('</script><b>');
    const index = makeIndexPage('games', [makeIndexEntry('a b/c#1', result)], [{ name: '<x>', reason: '&' }]);
    expect(index).not.toContain('</script><b>');
    expect(index).toContain('<a href="a%20b/c%231.html">');
    expect(index).toContain('1 game, 1 skipped');
    expect(index).toContain('&lt;x&gt;');
  });

  test('the terminal has a line for every move and the worst below', async () => {
    const result = await review(GAME, 20);
    expect(makeMoveTable(result).trim().split('\n')).toHaveLength(7);
    expect(makeSummaryText(result, 3)).toMatch(/^Anna 3k – Bo\nBlack: 3 moves, .* points lost a move/);
  });
});

describe('the store', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hane-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('names games by their paths, inside the folder and apart from each other', () => {
    const store = new ReviewStore(folder);
    expect(
      ['../../etc/a.sgf', 'etc/A.SGF', 'b\\c:d?.sgf', 'index.sgf', '.sgf', '/x.sgf'].map(path =>
        store.nameFor(path),
      ),
    ).toEqual(['etc/a', 'etc/A-2', 'b/c_d_', 'index-2', 'game', 'x']);
  });

  test('finds what it wrote, of the same game with the same settings', async () => {
    const store = new ReviewStore(folder);
    const result = await review(GAME, 5);
    await store.write('sub/game', result, parseSgf(GAME)[0], true);
    expect((await readdir(join(folder, 'sub'))).toSorted()).toEqual(
      ['html', 'json', 'sgf', 'svg'].map(ending => `game.${ending}`),
    );
    expect(await readFile(join(folder, 'sub', 'game.html'), 'utf8')).toContain('href="../index.html"');
    const { settings } = result;
    expect(await store.find('sub/game', 'somewhere', settings)).toEqual(JSON.parse(JSON.stringify(result)));
    expect(await store.find('sub/game', 'elsewhere', settings)).toBeUndefined();
    expect(await store.find('sub/game', 'somewhere', { ...settings, visits: 6 })).toBeUndefined();
    expect(await store.find('sub/game', 'somewhere', { ...settings, networkHash: 'cd' })).toBeUndefined();
    expect(await store.find('other', 'somewhere', settings)).toBeUndefined();
    for (const text of ['{"version":1', 'null', '{"version":0}']) {
      await writeFile(join(folder, 'sub', 'game.json'), text);
      expect(await store.find('sub/game', 'somewhere', settings)).toBeUndefined();
    }
  });

  test('a game is named by its bytes and its place', () => {
    const [a, b] = [Buffer.from('a'), Buffer.from('b')];
    expect(new Set([sourceOf(a, 0), sourceOf(a, 1), sourceOf(b, 0)]).size).toBe(3);
    expect(sourceOf(a, 0)).toBe(sourceOf(Buffer.from('a'), 0));
  });
});
