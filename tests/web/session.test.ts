/** The page's part of the protocol: which board it opens, and how it keeps in step. */
import { describe, expect, test } from 'vitest';
import type { BoardState } from '../../src/server/protocol/board.ts';
import type { ClientRequest, NewGame, PositionAnalysis } from '../../src/server/protocol/messages.ts';
import { RequestError } from '../../src/web/connection.ts';
import { FIRST_CHOICES, makeNewGame } from '../../src/web/game/newGame.ts';
import { Session } from '../../src/web/session.ts';
import { Store } from '../../src/web/store.ts';
import { boardOf, movesOf } from './support.ts';

/** A page at an address, and a server of boards that answers at once. */
const openPage = ({ hash = '', untouched, boards = [] }: PageOptions = {}) => {
  const store = new Store();
  const page = { hash, untouched, pushed: 0 };
  const asked: ClientRequest[] = [];
  const kept = new Map(boards.map(state => [state.board, state]));
  const session = new Session({
    store,
    address: {
      read: () => page.hash,
      write: (written, isNew) => {
        page.hash = written;
        if (isNew) page.pushed++;
      },
    },
    untouched: {
      read: () => page.untouched,
      write: board => {
        page.untouched = board;
      },
    },
    firstGame: (): NewGame => makeNewGame(FIRST_CHOICES),
  });
  const request = async (wanted: ClientRequest): Promise<undefined> => {
    asked.push(wanted);
    if (wanted.type === 'open') {
      const state = kept.get(wanted.board);
      if (!state) throw new RequestError('notFound', 'there is no such board');
      session.onMessage({ type: 'board', state });
    } else if (wanted.type === 'create')
      session.onMessage({ type: 'board', state: boardOf({ board: 'new-board' }) });
    return undefined;
  };
  session.attach({ request });
  session.onState('online');
  const welcome = async (canWrite = true): Promise<void> => {
    session.onMessage({ type: 'welcome', protocol: 1, version: '1', network: 'n', outputs: [], canWrite });
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  return { store, session, page, asked, kept, welcome, types: () => asked.map(({ type }) => type) };
};

interface PageOptions {
  readonly hash?: string;
  readonly untouched?: string;
  readonly boards?: readonly BoardState[];
}

const analysisOf = (node: number): PositionAnalysis => ({
  node,
  toPlay: 'B',
  visits: 1,
  policy: [],
  candidates: [],
  evaluationMs: 1,
});

const played = boardOf({ board: 'played', nodes: movesOf('1<0 B D4', '2<1 W F6', '3<1 W C3'), current: 2 });

describe('a visitor', () => {
  test('without a link finds a new game on the board, and its link in the address', async () => {
    const { store, page, types, welcome } = openPage();
    await welcome();
    expect(types()).toEqual(['create']);
    expect(store.board.value?.board).toBe('new-board');
    expect(page).toEqual({ hash: '#new-board', untouched: 'new-board', pushed: 0 });
  });

  test('who never moved finds the same empty board again', async () => {
    const { store, types, welcome } = openPage({
      untouched: 'empty',
      boards: [boardOf({ board: 'empty' })],
    });
    await welcome();
    expect(types()).toEqual(['open']);
    expect(store.board.value?.board).toBe('empty');
  });

  test('whose untouched board was moved on by others, or is gone, gets a new one', async () => {
    const moved = openPage({ untouched: 'played', boards: [played] });
    await moved.welcome();
    expect(moved.store.board.value?.board).toBe('new-board');
    const gone = openPage({ untouched: 'gone' });
    await gone.welcome();
    expect(gone.store.board.value?.board).toBe('new-board');
    expect(gone.store.toasts.value).toEqual([]);
  });

  test('with a link sees that board', async () => {
    const { store, page, types, welcome } = openPage({ hash: '#played', boards: [played] });
    await welcome();
    expect(types()).toEqual(['open']);
    expect([store.node.value, store.detached.value, page.hash]).toEqual([2, undefined, '#played']);
  });

  test('with a link to a position looks at it alone, and asks for what the network says', async () => {
    const { store, asked, welcome } = openPage({ hash: '#played.3', boards: [played] });
    await welcome();
    expect([store.node.value, store.detached.value]).toEqual([3, 3]);
    expect(asked.at(-1)).toEqual({ type: 'look', node: 3 });
    expect(store.canPlay.value).toBe(false);
  });

  test('with a link to a position that is gone is told, and sees the board', async () => {
    const { store, welcome } = openPage({ hash: '#played.9', boards: [played] });
    await welcome();
    expect(store.detached.value).toBeUndefined();
    expect(store.toasts.value[0].text).toContain('no position 9');
  });

  test('with a dead link is told, and can play at once', async () => {
    const { store, welcome } = openPage({ hash: '#dead' });
    await welcome();
    expect(store.toasts.value[0].text).toBe('There is no such board');
    expect(store.board.value?.board).toBe('new-board');
  });

  test('who may only look makes no board', async () => {
    const { store, types, welcome } = openPage();
    await welcome(false);
    expect(types()).toEqual([]);
    expect(store.canPlay.value).toBe(false);
  });

  test('is told of a refusal in its own words', async () => {
    const { session, store, welcome } = openPage();
    await welcome();
    session.attach({ request: () => Promise.reject(new RequestError('illegal', 'D4: there is a stone')) });
    expect(await session.ask({ type: 'play', node: 0, vertex: 'D4' })).toBe(false);
    expect(store.toasts.value.map(({ text }) => text)).toEqual(['D4: there is a stone']);
  });
});

describe('a page in step', () => {
  const open = async () => {
    const page = openPage({ hash: '#played', boards: [played] });
    await page.welcome();
    return page;
  };

  test('applies changes in order and says moves with what they took', async () => {
    const nodes = movesOf('1<0 B B1', '2<1 W A1', '3<2 B E5', '4<3 W E6');
    const { session, store, welcome } = openPage({
      hash: '#played',
      boards: [boardOf({ board: 'played', nodes, current: 4 })],
    });
    await welcome();
    const capture = movesOf('5<4 B A2');
    session.onMessage({
      type: 'change',
      board: 'played',
      revision: 2,
      change: { nodes: capture, current: 5 },
    });
    expect(store.node.value).toBe(5);
    expect(store.spoken.value).toBe('Black A2, 1 stone captured');
    expect(store.game.value.board.captures[1]).toBe(1);
  });

  test('opens the board again when it missed a change', async () => {
    const { session, asked } = await open();
    session.onMessage({ type: 'change', board: 'played', revision: 4, change: { current: 0 } });
    expect(asked.at(-1)).toEqual({ type: 'open', board: 'played' });
  });

  test('does not mind changes that it has, or of other boards', async () => {
    const { session, store, types } = await open();
    session.onMessage({ type: 'change', board: 'played', revision: 1, change: { current: 0 } });
    session.onMessage({ type: 'change', board: 'other', revision: 2, change: { current: 0 } });
    expect(store.node.value).toBe(2);
    expect(types()).toEqual(['open']);
  });

  test('opens the same board after a loss, and goes on looking where it looked', async () => {
    const { session, store, asked, welcome } = await open();
    session.lookAt(1);
    session.onState('offline');
    session.onState('online');
    await welcome();
    expect(asked.slice(-2)).toEqual([
      { type: 'open', board: 'played' },
      { type: 'look', node: 1 },
    ]);
    expect(store.detached.value).toBe(1);
  });

  test('follows the address to another board and to a position', async () => {
    const { session, store, page, kept } = await open();
    page.hash = '#played.1';
    await session.followAddress();
    expect(store.detached.value).toBe(1);
    kept.set('other', boardOf({ board: 'other' }));
    page.hash = '#other';
    await session.followAddress();
    expect([store.board.value?.board, store.detached.value]).toEqual(['other', undefined]);
    page.hash = '#dead';
    await session.followAddress();
    expect([store.board.value?.board, page.hash]).toEqual(['other', '#other']);
  });

  test('follows the address where no board was open yet', async () => {
    const { session, store, page, welcome } = openPage({ boards: [played] });
    await welcome(false);
    expect(store.board.value).toBeUndefined();
    page.hash = '#played';
    await session.followAddress();
    expect(store.board.value?.board).toBe('played');
  });

  test('shows a position at once that it puts on the board, and asks for the last of many only', async () => {
    const { session, store, asked } = await open();
    const answers: (() => void)[] = [];
    session.attach({
      request: wanted =>
        new Promise(resolve => {
          asked.push(wanted);
          answers.push(() => resolve(undefined));
        }),
    });
    for (const node of [1, 0, 3]) {
      session.goTo(node);
      expect(store.node.value).toBe(node);
    }
    expect(asked.slice(1)).toEqual([{ type: 'goto', node: 1 }]);
    answers[0]();
    await new Promise(resolve => setTimeout(resolve));
    expect(asked.slice(1)).toEqual([
      { type: 'goto', node: 1 },
      { type: 'goto', node: 3 },
    ]);
    expect(store.node.value).toBe(3);
  });

  test('keeps the newest analysis of each position', async () => {
    const { session, store } = await open();
    session.onMessage({ type: 'analysis', board: 'played', analysis: analysisOf(2) });
    session.onMessage({ type: 'analysis', board: 'played', analysis: { ...analysisOf(2), visits: 50 } });
    session.onMessage({ type: 'analysis', board: 'other', analysis: { ...analysisOf(2), visits: 99 } });
    expect(store.analysis.value?.visits).toBe(50);
    for (let node = 1000; node < 1600; node++) store.keepAnalysis(analysisOf(node));
    expect(store.analyses.value.size).toBe(500);
    expect(store.analyses.value.has(1599)).toBe(true);
  });

  test('looks at the board again when its own position is removed', async () => {
    const { session, store } = await open();
    session.lookAt(3);
    session.onMessage({ type: 'change', board: 'played', revision: 2, change: { removed: [3] } });
    expect([store.detached.value, store.node.value]).toEqual([undefined, 2]);
  });

  test('says how the game ended', async () => {
    const { session, store } = await open();
    session.onMessage({
      type: 'change',
      board: 'played',
      revision: 2,
      change: { result: 'W+R', resultNode: 2 },
    });
    expect(store.spoken.value).toBe('Game over: White wins by resignation');
    expect(store.canPlay.value).toBe(false);
  });
});
