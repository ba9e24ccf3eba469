import { describe, expect, test } from 'vitest';
import { TestSession, query, type AnswerLine } from './support.ts';

/** More visits than any test waits for. */
const ENDLESS = { maxVisits: 10_000_000 };
const everyMs = (ms: number): object => ({ reportDuringSearchEvery: ms / 1000 });

describe('an answer', () => {
  test('has every field that tools read', async () => {
    const session = new TestSession();
    session.send(query('a', { moves: [['B', 'E5']], includePVVisits: true }));
    const { moveInfos, rootInfo, ...rest } = await session.final('a');
    expect(rest).toEqual({ id: 'a', turnNumber: 1, isDuringSearch: false });
    expect(Object.keys(moveInfos![0]).toSorted()).toEqual(
      `edgeVisits lcb move order prior pv pvVisits scoreLead scoreMean scoreSelfplay scoreStdev utility utilityLcb visits weight winrate`.split(
        ' ',
      ),
    );
    expect(Object.keys(rootInfo!).toSorted()).toEqual(
      `currentPlayer rawLead rawWinrate scoreLead scoreMean scoreSelfplay scoreStdev symHash thisHash utility visits weight winrate`.split(
        ' ',
      ),
    );
    expect(rootInfo).toMatchObject({ currentPlayer: 'W', visits: 20 });
    expect(rootInfo!['thisHash']).toMatch(/^[0-9A-F]{32}$/);
    expect(moveInfos!.map(({ order }) => order)).toEqual(moveInfos!.map((_, i) => i));
    expect(moveInfos!.reduce((sum, { visits }) => sum + visits, 1)).toBe(20);
    for (const { move, pv, pvVisits } of moveInfos!) {
      expect(pv[0]).toBe(move);
      expect(pvVisits).toHaveLength(pv.length);
    }
  });

  test('to one visit has a root and no moves', async () => {
    const session = new TestSession();
    session.send(query('a', { maxVisits: 1 }));
    expect(await session.final('a')).toMatchObject({ moveInfos: [], rootInfo: { visits: 1 } });
  });

  test('has ownership and policy only if asked: illegal moves are -1, passing is last', async () => {
    const session = new TestSession();
    const moves = [
      ['B', 'A9'],
      ['W', 'E5'],
    ];
    session.send(
      query('a', { moves, includeOwnership: true, includeMovesOwnership: true, includePolicy: true }),
    );
    const { ownership, policy, moveInfos } = await session.final('a');
    expect(ownership).toHaveLength(81);
    expect(ownership![0]).toBeCloseTo(0.5);
    expect(moveInfos![0].ownership).toHaveLength(81);
    expect(policy).toHaveLength(82);
    expect(policy!.flatMap((prior, i) => (prior === -1 ? [i] : []))).toEqual([0, 40]);
    expect(policy!.reduce((sum, prior) => sum + Math.max(0, prior), 0)).toBeCloseTo(1, 3);
    session.send(query('b'));
    expect(Object.keys(await session.final('b'))).not.toContain('policy');
  });

  test('is told from the view that the query asks for', async () => {
    const session = new TestSession();
    const ask = async (id: string, view?: string): Promise<AnswerLine> => {
      const overrideSettings = view === undefined ? {} : { reportAnalysisWinratesAs: view };
      session.send(query(id, { moves: [['B', 'E5']], includeOwnership: true, overrideSettings }));
      return session.final(id);
    };
    const black = await ask('b', 'BLACK');
    const white = await ask('w', 'WHITE');
    expect(await ask('d')).toEqual({ ...black, id: 'd' });
    expect(await ask('s', 'SIDETOMOVE')).toEqual({ ...white, id: 's' });
    expect(black.rootInfo!['winrate']).toBeCloseTo(1 - Number(white.rootInfo!['winrate']));
    expect(black.rootInfo!['scoreLead']).toBeCloseTo(-Number(white.rootInfo!['scoreLead']));
    expect(black.ownership![0]).toBeCloseTo(-white.ownership![0]);
    // What the player to move will hardly fall below is Black's upper bound after White's turn.
    const [best] = black.moveInfos!;
    expect(best.lcb).toBeGreaterThanOrEqual(best.winrate);
    expect(white.moveInfos![0].lcb).toBeLessThanOrEqual(white.moveInfos![0].winrate);
  });

  test('obeys allowed and avoided moves', async () => {
    const session = new TestSession();
    session.send(query('a', { allowMoves: [{ player: 'B', moves: ['C3', 'D4'], untilDepth: 1 }] }));
    const { moveInfos } = await session.final('a');
    expect(moveInfos!.map(({ move }) => move).toSorted()).toEqual(['C3', 'D4']);
    session.send(
      query('b', { maxVisits: 400, avoidMoves: [{ player: 'B', moves: ['C3', 'D4'], untilDepth: 1 }] }),
    );
    const avoided = (await session.final('b')).moveInfos!.map(({ move }) => move);
    expect(avoided).not.toContain('C3');
    expect(avoided).not.toContain('D4');
  });

  test('is the same whenever the same is asked', async () => {
    const session = new TestSession(4);
    for (const id of ['a', 'b', 'c']) session.send(query(id, { maxVisits: 200 }));
    const [first, ...others] = await Promise.all(['a', 'b', 'c'].map(id => session.final(id)));
    for (const other of others) expect({ ...other, id: 'a' }).toEqual(first);
  });

  test('names alike positions alike', async () => {
    const session = new TestSession();
    session.send(query('a', { moves: [['B', 'C3']] }));
    session.send(query('b', { moves: [['B', 'G7']] }));
    session.send(query('c', { moves: [['B', 'C4']] }));
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(async id => (await session.final(id)).rootInfo!));
    expect(a['symHash']).toBe(b['symHash']);
    expect(a['thisHash']).not.toBe(b['thisHash']);
    expect(c['symHash']).not.toBe(a['symHash']);
  });
});

describe('no line ends the session', () => {
  test.each([
    ['', undefined],
    ['nonsense', /could not parse input line as json request: nonsense$/],
    ['[1]', /^Request line was valid json but was not an object, ignoring: \[1\]$/],
    ['{}', /^Request must have a string "id" field$/],
    ['{"id":7}', /^Request must have a string "id" field$/],
  ])('%j', async (line, error) => {
    const session = new TestSession();
    session.session.receive(line);
    expect(session.answers.map(answer => answer.error)).toEqual(
      error ? [expect.stringMatching(error) as string] : [],
    );
    session.send(query('a'));
    expect(await session.final('a')).toMatchObject({ turnNumber: 0 });
  });

  test('errors and warnings name the query and the field', async () => {
    const session = new TestSession();
    session.send(query('a', { maxVisits: -1 }));
    session.send(query('b', { overrideSettings: { magic: 1 } }));
    expect(session.answers).toEqual([
      { id: 'a', field: 'maxVisits', error: 'Must be an integer from 1 to 2^50' },
      { id: 'b', field: 'overrideSettings', warning: 'Unknown config params: magic' },
    ]);
    expect(await session.final('b')).toMatchObject({ rootInfo: { visits: 20 } });
  });
});

describe('actions are echoed', () => {
  test.each([
    [
      { id: 'x', action: 'query_version', note: 1 },
      { version: '1.2.3', git_hash: '<omitted>' },
    ],
    [{ id: 'x', action: 'query_models' }, { models: [{ name: 'net' }] }],
    [{ id: 'x', action: 'clear_cache' }, {}],
    [{ id: 'x', action: 'terminate', terminateId: 'nobody' }, {}],
    [{ id: 'x', action: 'terminate_all', turnNumbers: [1] }, {}],
  ])('%j', async (action, more) => {
    const session = new TestSession();
    session.send(action);
    await session.session.drain();
    expect(session.answers).toEqual([{ ...action, ...more }]);
    expect(session.cachesCleared).toBe(action.action === 'clear_cache' ? 1 : 0);
  });

  test.each([
    [{ action: 'dance' }, 'action'],
    [{ action: 'terminate' }, 'terminateId'],
    [{ action: 'terminate', terminateId: 'a', turnNumbers: 'all' }, 'turnNumbers'],
  ])('%j is refused', (action, field) => {
    const session = new TestSession();
    session.send({ id: 'x', ...action });
    expect(session.answers).toMatchObject([{ id: 'x', field, error: expect.any(String) as string }]);
  });
});

describe('reports during a search', () => {
  test('come until the search is terminated, which ends with one answer', async () => {
    const session = new TestSession();
    session.send(query('a', { ...ENDLESS, ...everyMs(2), includePolicy: true }));
    const report = await session.next(line => (line.moveInfos?.length ?? 0) > 3);
    expect(report).toMatchObject({ isDuringSearch: true, turnNumber: 0 });
    expect(report.policy).toHaveLength(82);
    session.send({ id: 't', action: 'terminate', terminateId: 'a' });
    const final = await session.final('a');
    expect(Number(final.rootInfo!['visits'])).toBeGreaterThanOrEqual(Number(report.rootInfo!['visits']));
    const count = session.answers.length;
    await session.session.drain();
    expect(session.answers).toHaveLength(count);
    expect(session.answers.filter(({ isDuringSearch }) => isDuringSearch === false)).toHaveLength(1);
  });

  test('may begin sooner than they go on', async () => {
    const session = new TestSession();
    session.send(query('a', { ...ENDLESS, firstReportDuringSearchAfter: 0.001 }));
    await session.next(line => line.isDuringSearch === true);
    session.send({ id: 't', action: 'terminate_all' });
    await session.session.drain();
    expect(session.answers.filter(({ isDuringSearch }) => isDuringSearch === true)).toHaveLength(1);
  });
});

describe('many queries', () => {
  test('each turn of each is answered once', async () => {
    const session = new TestSession(3);
    const moves = [
      ['B', 'E5'],
      ['W', 'C3'],
      ['B', 'G7'],
    ];
    for (let i = 0; i < 5; i++) session.send(query(`q${i}`, { moves, analyzeTurns: [0, 1, 2, 3] }));
    await session.session.drain();
    const seen = session.answers.map(({ id, turnNumber }) => `${id} ${turnNumber}`);
    expect(new Set(seen).size).toBe(20);
    expect(seen).toHaveLength(20);
  });

  test('the highest priority goes first, then the earlier one', async () => {
    const session = new TestSession(1);
    session.send(query('first', { priority: 9 }));
    session.send(query('low', { priority: -100 }));
    session.send(query('middle', { priority: 0 }));
    session.send(query('later', { priority: 0 }));
    session.send(query('high', { moves: [['B', 'E5']], analyzeTurns: [0, 1], priorities: [1, 2] }));
    await session.session.drain();
    expect(session.answers.map(({ id, turnNumber }) => `${id} ${turnNumber}`)).toEqual([
      'first 0',
      'high 1',
      'high 0',
      'middle 0',
      'later 0',
      'low 0',
    ]);
  });

  test('one more urgent than all that run does not wait for them', async () => {
    const session = new TestSession(1);
    session.send(query('long', ENDLESS));
    session.send(query('same', { priority: 0 }));
    session.send(query('urgent', { priority: 1 }));
    await session.final('urgent');
    expect(session.answers.map(({ id }) => id)).toEqual(['urgent']);
    session.send({ id: 't', action: 'terminate', terminateId: 'long' });
    await session.session.drain();
    expect(session.answers.map(({ id }) => id)).toEqual(['urgent', 't', 'long', 'same']);
  });

  test('terminating ends those that run and those that wait, of the turns that are named', async () => {
    const session = new TestSession(1);
    const moves = [
      ['B', 'E5'],
      ['W', 'C3'],
    ];
    session.send(query('a', { ...ENDLESS, ...everyMs(1), moves, analyzeTurns: [0, 1, 2] }));
    session.send(query('b', ENDLESS));
    await session.next(line => line.isDuringSearch === true);
    session.send({ id: 't', action: 'terminate', terminateId: 'a', turnNumbers: [1] });
    expect(session.answers.filter(({ noResults }) => noResults)).toEqual([
      { id: 'a', isDuringSearch: false, noResults: true, turnNumber: 1 },
    ]);
    session.send({ id: 'u', action: 'terminate_all' });
    await session.session.drain();
    const finals = session.answers.filter(({ isDuringSearch }) => isDuringSearch === false);
    expect(finals.map(({ id, turnNumber }) => `${id} ${turnNumber}`).toSorted()).toEqual([
      'a 0',
      'a 1',
      'a 2',
      'b 0',
    ]);
    expect(finals.find(({ turnNumber, id }) => id === 'a' && turnNumber === 0)).toHaveProperty('rootInfo');
  });

  test('searches with nothing more to do let go of their trees', async () => {
    const session = new TestSession(1);
    for (const id of ['a', 'b', 'c']) session.send(query(id));
    await session.session.drain();
    expect(session.treesCleared).toBe(1);
    session.send(query('d'));
    expect(await session.final('d')).toMatchObject({ rootInfo: { visits: 20 } });
  });

  test('a time limit ends a search', async () => {
    const session = new TestSession();
    session.send(query('a', { ...ENDLESS, overrideSettings: { maxTime: 0.05 } }));
    expect(Number((await session.final('a')).rootInfo!['visits'])).toBeGreaterThan(0);
  });

  test('boards of different sizes are answered side by side', async () => {
    const session = new TestSession(4);
    for (const size of [5, 9, 13, 19])
      session.send(query(`${size}`, { boardXSize: size, boardYSize: size, includePolicy: true }));
    await session.session.drain();
    for (const size of [5, 9, 13, 19])
      expect((await session.final(`${size}`)).policy).toHaveLength(size * size + 1);
  });
});
