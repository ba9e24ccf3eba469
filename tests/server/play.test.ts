/** The game on the tree: moves, going back, variations, hane's answers, resigning, scoring. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Game } from '../../engine/game.ts';
import { makeVertex } from '../../engine/coords.ts';
import { makePosition } from '../../src/search/position.ts';
import { gameAt } from '../../src/server/protocol/board.ts';
import { noOpinion, scripted } from '../engine/search/support.ts';
import { AGAINST_HANE, HANE_ALONE, PEOPLE, closeAll, connect, connectWith, startServer } from './support.ts';

afterEach(closeAll);

/** Likes to pass, and nothing else. */
const passing = scripted((game: Game) => ({
  policy: Float32Array.from({ length: game.board.area + 1 }, (_, i) => (i === game.board.area ? 1 : 1e-6)),
  value: 0,
  lead: 0,
}));

/** Thinks that Black has lost, and passes. */
const hopeless = (isBlackLost: boolean) =>
  scripted((game: Game) => {
    const sign = (game.toPlay === 1) === isBlackLost ? -1 : 1;
    return { ...noOpinion(game), value: sign, lead: 50 * sign };
  });

describe('a game between people', () => {
  test('a move is a new node, and the same move once more is the node that there is', async () => {
    const client = await connectWith(await startServer(), PEOPLE);
    await client.play('D4');
    expect(client.board.nodes).toEqual([{ id: 1, parent: 0, color: 'B', vertex: 'D4' }]);
    await client.play('F6');
    await client.do({ type: 'goto', node: 0 });
    expect([client.board.current, client.board.isPlaying]).toEqual([0, false]);
    await client.play('d4');
    expect([client.board.current, client.board.nodes.length, client.board.isPlaying]).toEqual([1, 2, true]);
  });

  test('a move elsewhere is a variation', async () => {
    const client = await connectWith(await startServer(), PEOPLE);
    for (const vertex of ['D4', 'F6']) await client.play(vertex);
    await client.do({ type: 'undo' });
    await client.play('C3');
    expect(client.board.nodes.map(({ id, parent, vertex }) => [id, parent, vertex])).toEqual([
      [1, 0, 'D4'],
      [2, 1, 'F6'],
      [3, 1, 'C3'],
    ]);
    expect(client.line).toEqual(['D4', 'C3']);
  });

  test('what the rules forbid is refused with the reason', async () => {
    const client = await connectWith(await startServer(), PEOPLE);
    // A ko: Black takes at D6, White may not take back at once.
    for (const vertex of ['D7', 'E7', 'C6', 'F6', 'D5', 'E5', 'E6', 'D6']) await client.play(vertex);
    expect(client.board.nodes).toHaveLength(8);
    const ask = (vertex: string) => client.ask({ type: 'play', node: client.board.current, vertex });
    expect(await ask('E6')).toMatchObject({
      code: 'illegal',
      message: 'E6: the ko may not be retaken at once',
    });
    expect(await ask('D6')).toMatchObject({ code: 'illegal', message: 'D6: there is a stone' });
    expect(await ask('T19')).toMatchObject({ code: 'illegal', message: 'T19: not on a board of 9x9' });
    await client.play('A1');
    expect(client.board.nodes).toHaveLength(9);
  });

  test('of two moves at once the first counts, and the second is stale', async () => {
    const server = await startServer();
    const [first, second] = [await connectWith(server, PEOPLE), await connect(server)];
    await second.do({ type: 'open', board: first.board.board });
    const answers = await Promise.all(
      [first, second].map(client =>
        client.ask({ type: 'play', node: 0, vertex: client === first ? 'D4' : 'F6' }),
      ),
    );
    expect(answers.map(answer => (answer.type === 'error' ? answer.code : answer.type)).toSorted()).toEqual([
      'done',
      'stale',
    ]);
    await second.until(() => second.board.current === 1);
    expect(second.board.nodes).toEqual(first.board.nodes);
  });

  test('removing a node takes all below it, and the board goes back to before it', async () => {
    const client = await connectWith(await startServer(), PEOPLE);
    for (const vertex of ['D4', 'F6', 'C3', 'G7']) await client.play(vertex);
    await client.do({ type: 'remove', node: 3 });
    expect([client.board.nodes.map(({ id }) => id), client.board.current]).toEqual([[1, 2], 2]);
    expect(await client.refused({ type: 'remove', node: 3 })).toBe('notFound');
    expect(await client.refused({ type: 'remove', node: 0 })).toBe('invalid');
    // Ids are never used again.
    await client.play('C3');
    expect(client.board.current).toBe(5);
  });

  test('taking back where there is nothing is refused', async () => {
    const client = await connectWith(await startServer(), PEOPLE);
    expect(await client.refused({ type: 'undo' })).toBe('invalid');
  });

  test('resigning ends it, a move takes the end back, and one elsewhere leaves it', async () => {
    const client = await connectWith(await startServer(), PEOPLE);
    await client.play('D4');
    await client.play('F6');
    await client.do({ type: 'resign', color: 'B' });
    expect([client.board.result, client.board.isPlaying]).toEqual(['W+R', false]);
    expect(await client.refused({ type: 'resign', color: 'W' })).toBe('invalid');
    await client.do({ type: 'goto', node: 1 });
    await client.play('C3');
    expect(client.board.result).toBe('W+R');
    await client.do({ type: 'goto', node: 2 });
    await client.play('E5');
    expect(client.board.result).toBeNull();
  });

  test('a variation of a game between people that is over goes on, and back, without its result', async () => {
    const client = await connectWith(await startServer(), PEOPLE);
    await client.do({ type: 'load', sgf: btoa('(;SZ[9]RE[W+R];B[dd];W[ff];B[ee](;W[gg];B[hh])(;W[aa]))') });
    const { nodes, result, resultNode } = client.board;
    expect([result, nodes.find(({ id }) => id === resultNode)?.vertex]).toEqual(['W+R', 'H2']);
    await client.do({ type: 'goto', node: nodes[1].id });
    await client.play('C3');
    await client.play('D3');
    await client.do({ type: 'undo' });
    expect([client.board.result, client.board.resultNode]).toEqual(['W+R', resultNode]);
    await client.do({ type: 'goto', node: resultNode! });
    await client.do({ type: 'undo' });
    expect([client.board.result, client.board.resultNode]).toEqual([null, null]);
  });

  test('a result goes with the moves that led to it', async () => {
    const client = await connectWith(await startServer(), PEOPLE);
    await client.play('D4');
    await client.play('F6');
    await client.do({ type: 'resign', color: 'B' });
    expect(client.board.resultNode).toBe(2);
    await client.do({ type: 'goto', node: 0 });
    await client.do({ type: 'remove', node: 1 });
    expect([client.board.result, client.board.resultNode]).toEqual([null, null]);
  });

  test('a handicap puts up stones, and White begins', async () => {
    const client = await connectWith(await startServer(), { ...PEOPLE, size: 19, handicap: 4, komi: 0.5 });
    const { start, nodes, current } = client.board;
    expect(start).toMatchObject({ handicap: 4, toPlay: 'W', komi: 0.5 });
    const game = gameAt({ start, nodes }, current);
    expect([game.setupStones.length, game.handicap, makePosition(game).toPlay]).toEqual([4, 4, 2]);
    await client.play('Q10');
    expect(client.board.nodes[0].color).toBe('W');
  });
});

describe('hane', () => {
  test('answers a move, and begins where it has Black', async () => {
    const server = await startServer();
    const client = await connectWith(server, AGAINST_HANE);
    await client.play('D4');
    await client.until(() => client.board.nodes.length === 2 && !client.board.isThinking);
    expect(client.board.nodes[1]).toMatchObject({ parent: 1, color: 'W' });
    const other = await connectWith(server, { ...PEOPLE, black: 9 });
    await other.until(() => other.board.nodes.length === 1);
    expect(other.board.nodes[0].color).toBe('B');
  });

  test('thinks for all to see, and its turn is its own', async () => {
    const client = await connectWith(await startServer(), { ...AGAINST_HANE, white: 10 });
    await client.play('D4');
    expect(client.board.isThinking).toBe(true);
    expect(await client.refused({ type: 'play', node: 1, vertex: 'E5' })).toBe('invalid');
    await client.until(() => client.board.nodes.length === 2);
    expect(client.board.isThinking).toBe(false);
  });

  test('drops a move when the board goes elsewhere meanwhile, and waits', async () => {
    const client = await connectWith(await startServer(), { ...AGAINST_HANE, white: 10 });
    await client.play('D4');
    await client.do({ type: 'goto', node: 0 });
    expect([client.board.isThinking, client.board.isPlaying]).toEqual([false, false]);
    await client.do({ type: 'setAnalysis', mode: 'search' });
    // By the time this search has come somewhere, the move would have come, too.
    await client.until(() => client.analyses.some(({ node, visits }) => node === 0 && visits > 1500));
    expect([client.board.nodes.length, client.board.current]).toEqual([1, 0]);
  });

  test('takes up again when it is told to play', async () => {
    const client = await connectWith(await startServer(), AGAINST_HANE);
    await client.do({ type: 'setPlaying', isPlaying: false });
    await client.do({ type: 'genmove' });
    await client.until(() => client.board.nodes.length === 1);
    expect([client.board.nodes[0].color, client.board.isThinking, client.board.isPlaying]).toEqual([
      'B',
      false,
      false,
    ]);
    await client.do({ type: 'setPlaying', isPlaying: true });
    await client.until(() => client.board.nodes.length === 2);
    expect(client.board.nodes[1].color).toBe('W');
  });

  test('leaves the move that it was asked for when it is paused', async () => {
    const client = await connectWith(await startServer(), { ...PEOPLE, seconds: 10 });
    await client.do({ type: 'genmove' });
    expect(client.board.isThinking).toBe(true);
    await client.do({ type: 'setPlaying', isPlaying: false });
    expect(client.board.isThinking).toBe(false);
    await client.play('D4');
    expect(client.line).toEqual(['D4']);
  });

  test('undo goes back to before the last human move', async () => {
    const client = await connectWith(await startServer(), AGAINST_HANE);
    await client.play('D4');
    await client.until(() => client.board.nodes.length === 2);
    await client.do({ type: 'undo' });
    expect([client.board.current, client.board.nodes.length]).toEqual([0, 2]);
    await client.play('F6');
    await client.until(() => client.board.nodes.length === 4 && !client.board.isThinking);
    expect(client.line[0]).toBe('F6');
  });

  test('plays against itself to the end, and the result is by its own judgement', async () => {
    const client = await connectWith(await startServer({ evaluator: passing }), PEOPLE);
    // A black wall and a white one, which leave little to do.
    const rows = Array.from({ length: 9 }, (_, i) => `;B[e${'abcdefghi'[i]}];W[f${'abcdefghi'[i]}]`);
    await client.do({ type: 'load', sgf: Buffer.from(`(;SZ[9]KM[7.5]${rows.join('')})`).toString('base64') });
    await client.do({ type: 'goto', node: client.board.nodes.at(-1)!.id });
    await client.do({ type: 'setPlayers', black: 9, white: 9, seconds: 1 });
    await client.do({ type: 'setPlaying', isPlaying: true });
    await client.until(() => client.board.result !== null);
    expect(client.line.slice(-2)).toEqual(['pass', 'pass']);
    expect(client.board).toMatchObject({ result: 'B+1.5', isPlaying: false, scoring: null });
  });

  test('rests while nobody looks, and goes on when somebody does', async () => {
    const server = await startServer();
    const client = await connectWith(server, HANE_ALONE);
    await client.until(() => client.board.nodes.length >= 3);
    const { board } = client.board;
    await client.do({ type: 'leave' });
    const other = await connect(server);
    await other.do({ type: 'open', board });
    const seen = other.board.nodes.length;
    await other.until(() => other.board.nodes.length > seen);
    expect(other.missed).toBe(0);
  });

  test('resigns what is lost', async () => {
    const client = await connectWith(await startServer({ evaluator: hopeless(true) }), {
      ...PEOPLE,
      black: 9,
    });
    const isHumansTurn = (): boolean => client.board.nodes.length % 2 === 1 && !client.board.isThinking;
    for (;;) {
      await client.until(() => client.board.result !== null || isHumansTurn());
      if (client.board.result !== null) break;
      const game = gameAt(client.board, client.board.current);
      const points = Array.from(game.board.points).filter(point => game.isLegal(point));
      await client.play(makeVertex(points[client.board.nodes.length % points.length], game));
    }
    expect([client.board.result, client.board.isPlaying]).toEqual(['W+R', false]);
    // Never before a fifth of the board could be full.
    expect(client.board.nodes.length).toBeGreaterThanOrEqual(16);
  });
});

describe('scoring', () => {
  const passTwice = async () => {
    const client = await connectWith(await startServer({ evaluator: passing }), { ...PEOPLE, komi: 0.5 });
    // A black wall with all behind it, and a white stone in the wrong place.
    const wall = ['E1', 'E2', 'E3', 'E4', 'E5', 'E6', 'E7', 'E8', 'E9'];
    const others = ['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9'];
    for (const [i, vertex] of wall.entries()) {
      await client.play(vertex);
      await client.play(others[i]);
    }
    await client.play('pass');
    await client.play('B5');
    await client.play('pass');
    await client.play('pass');
    await client.until(() => client.board.scoring !== null);
    return client;
  };

  test('begins after two passes with the stones that hane takes for dead', async () => {
    const client = await passTwice();
    // 45 points for Black with the stone dead, 36 for White.
    expect(client.board.scoring).toMatchObject({ dead: ['B5'], score: 'B+8.5' });
    const { B, W } = client.board.scoring!.territory;
    expect([B.length, B.includes('B5'), W.length, W.includes('J9')]).toEqual([36, true, 27, true]);
    expect(client.board.result).toBeNull();
    await client.do({ type: 'acceptScore' });
    expect([client.board.result, client.board.scoring, client.board.isPlaying]).toEqual([
      'B+8.5',
      null,
      false,
    ]);
  });

  test('goes by what people take for dead', async () => {
    const client = await passTwice();
    await client.do({ type: 'toggleDead', vertex: 'B5' });
    // Nobody's points behind the wall: 9 stones against 37 points.
    expect(client.board.scoring).toMatchObject({ dead: [], score: 'W+28.5' });
    await client.do({ type: 'toggleDead', vertex: 'B5' });
    expect(client.board.scoring).toMatchObject({ dead: ['B5'], score: 'B+8.5' });
    expect(await client.refused({ type: 'toggleDead', vertex: 'A1' })).toBe('invalid');
    await client.do({ type: 'toggleDead', vertex: 'F5' });
    expect(client.board.scoring!.dead).toHaveLength(10);
  });

  test('can be left, and asked for at any time', async () => {
    const client = await passTwice();
    await client.do({ type: 'cancelScore' });
    expect([client.board.scoring, client.board.isPlaying]).toEqual([null, false]);
    for (const type of ['cancelScore', 'acceptScore'] as const)
      expect(await client.refused({ type })).toBe('invalid');
    expect(await client.refused({ type: 'toggleDead', vertex: 'B5' })).toBe('invalid');
    await client.do({ type: 'goto', node: 5 });
    await client.do({ type: 'score' });
    expect(client.board.scoring).not.toBeNull();
    await client.play('A1');
    expect(client.board.scoring).toBeNull();
  });
});

test('a pass is a move like others', async () => {
  const client = await connectWith(await startServer(), PEOPLE);
  await client.play('PASS');
  expect(client.board.nodes[0].vertex).toBe('pass');
});
