/** What the network and the search say, as viewers see it: the evaluator's numbers, from Black's view, and nothing made up. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Game } from '../../engine/game.ts';
import { ScriptedEvaluator, type Evaluator } from '../../engine/evaluator.ts';
import { BLACK } from '../../engine/types.ts';
import { evaluate } from '../../src/inference/evaluate.ts';
import { SearchThread } from '../../src/search/searchThread.ts';
import { gameAt } from '../../src/server/protocol/board.ts';
import { chancyOpinion, scripted } from '../engine/search/support.ts';
import {
  AGAINST_HANE,
  PEOPLE,
  closeAll,
  connect,
  connectWith,
  pause,
  startServer,
  until,
  type Client,
} from './support.ts';

afterEach(closeAll);

/** Knows who moves: ownership is the player's own. */
const owning = new ScriptedEvaluator(
  (game: Game) => ({
    ...chancyOpinion(game),
    value: 0.5,
    lead: 3,
    ownership: new Float32Array(game.board.area).fill(0.25),
  }),
  ['policy', 'pass', 'value', 'lead', 'ownership'],
);

describe('what the network says', () => {
  test('is told of each position with the numbers of the evaluator', async () => {
    const evaluator = scripted();
    const client = await connectWith(await startServer({ evaluator }), PEOPLE);
    for (const vertex of ['D4', 'F6', 'pass', 'C3']) await client.play(vertex);
    await client.until(() => client.analyses.at(-1)?.node === 4);
    const analysis = client.analyses.at(-1)!;
    const game = gameAt(client.board, 4);
    const { policy, value, lead } = await evaluate(evaluator, game);
    expect([analysis.toPlay, analysis.visits, analysis.policy.length]).toEqual(['B', 1, 82]);
    for (const [i, prior] of policy.entries()) expect(analysis.policy[i]).toBeCloseTo(prior, 5);
    expect(analysis.winrate).toBeCloseTo((1 + value!) / 2, 5);
    expect(analysis.lead).toBeCloseTo(lead!, 2);
    expect(analysis.evaluationMs).toBeGreaterThanOrEqual(0);
    const priors = analysis.candidates.map(({ prior }) => prior);
    expect(priors).toEqual(priors.toSorted((a, b) => b - a));
    expect(analysis.candidates[0].visits).toBe(0);
    expect(client.board.outlooks.find(({ node }) => node === 4)).toEqual({
      node: 4,
      winrate: analysis.winrate,
      lead: analysis.lead,
    });
  });

  test("is Black's view, whoever moves", async () => {
    const client = await connectWith(await startServer({ evaluator: owning }), PEOPLE);
    await client.until(() => client.analyses.length === 1);
    await client.play('D4');
    await client.until(() => client.analyses.at(-1)!.node === 1);
    const [black, white] = [client.analyses[0], client.analyses.at(-1)!];
    expect([black.winrate, black.lead, black.ownership![0]]).toEqual([0.75, 3, 0.25]);
    expect([white.toPlay, white.winrate, white.lead, white.ownership![0]]).toEqual(['W', 0.25, -3, -0.25]);
  });

  test('has nothing that the network does not give', async () => {
    const evaluator: Evaluator = new ScriptedEvaluator(
      ({ board }) => ({ policy: new Float32Array(board.area + 1).fill(1) }),
      ['policy'],
    );
    const client = await connectWith(await startServer({ evaluator }), PEOPLE);
    await client.until(() => client.analyses.length > 0);
    const [analysis] = client.analyses;
    for (const field of ['winrate', 'lead', 'expert', 'ownership'])
      expect(analysis).not.toHaveProperty(field);
    for (const candidate of analysis.candidates) {
      expect(candidate).not.toHaveProperty('winrate');
      expect(candidate).not.toHaveProperty('lead');
    }
    for (const outlook of client.board.outlooks) expect(Object.keys(outlook)).toEqual(['node']);
  });

  test('is not asked for where analysis is off', async () => {
    let asked = 0;
    const evaluator = scripted(game => {
      asked++;
      return chancyOpinion(game);
    });
    const client = await connectWith(await startServer({ evaluator }), PEOPLE);
    await client.do({ type: 'setAnalysis', mode: 'off' });
    await pause(30);
    const before = asked;
    await client.play('D4');
    await pause(50);
    expect(asked).toBe(before);
    await client.do({ type: 'setAnalysis', mode: 'policy' });
    await client.until(() => client.analyses.at(-1)?.node === 1);
  });

  test('is told to one who asks about any node, and to nobody else', async () => {
    const server = await startServer();
    const client = await connectWith(server, PEOPLE);
    for (const vertex of ['D4', 'F6']) await client.play(vertex);
    await client.until(() => client.analyses.at(-1)?.node === 2);
    const other = await connect(server);
    await other.do({ type: 'open', board: client.board.board });
    const before = client.messages.length;
    await other.do({ type: 'look', node: 1 });
    await other.until(() => other.analyses.at(-1)?.node === 1);
    const expected = client.analyses.find(({ node }) => node === 1)!;
    const { evaluationMs: _, ...numbers } = other.analyses.at(-1)!;
    expect(expected).toMatchObject(numbers);
    expect(client.messages.slice(before).filter(({ type }) => type === 'analysis')).toEqual([]);
    expect(client.board.current).toBe(2);
  });
});

describe('a search', () => {
  test('reports, more each time, and ends', async () => {
    const client = await connectWith(await startServer(), PEOPLE);
    await client.do({ type: 'setAnalysis', mode: 'search' });
    await client.until(() => (client.analyses.at(-1)?.visits ?? 0) >= 2000);
    const visits = client.analyses.map(each => each.visits);
    expect(visits).toEqual(visits.toSorted((a, b) => a - b));
    const last = client.analyses.at(-1)!;
    expect(last.candidates[0].visits).toBeGreaterThan(0);
    expect(last.candidates[0].winrate).toBeGreaterThanOrEqual(0);
    expect(last.candidates.length).toBeLessThanOrEqual(20);
    expect(last.candidates[0].line[0]).toBe(last.candidates[0].vertex);
    const count = client.analyses.length;
    await pause(400);
    expect(client.analyses).toHaveLength(count);
  });

  test('goes on where one evaluation takes longer than the time between two reports', async () => {
    const evaluator = scripted();
    const begin = evaluator.begin.bind(evaluator);
    vi.spyOn(evaluator, 'begin').mockImplementation(() => {
      const batch = begin();
      const run = batch.run.bind(batch);
      batch.run = async () => {
        await pause(300);
        await run();
      };
      return batch;
    });
    const client = await connectWith(await startServer({ evaluator }), PEOPLE);
    await client.do({ type: 'setAnalysis', mode: 'search' });
    await client.until(() => new Set(client.analyses.map(({ visits }) => visits)).size >= 4);
    expect(client.analyses.at(-1)!.visits).toBeGreaterThan(3);
  });

  test('leaves the heat map as the network made it', async () => {
    const client = await connectWith(await startServer(), PEOPLE);
    await client.until(() => client.analyses.length > 0);
    await client.do({ type: 'setAnalysis', mode: 'search' });
    await client.until(() => client.analyses.at(-1)!.visits > 1);
    expect(client.analyses.at(-1)!.policy).toEqual(client.analyses[0].policy);
  });

  test('gives way to the position that comes, and keeps what it knows of it', async () => {
    const client = await connectWith(await startServer(), PEOPLE);
    await client.do({ type: 'setAnalysis', mode: 'search' });
    await client.until(() => (client.analyses.at(-1)?.visits ?? 0) >= 1000);
    const { vertex, visits } = client.analyses.at(-1)!.candidates[0];
    await client.play(vertex);
    const ofNext = () =>
      client.analyses.filter(each => each.node === client.board.current && each.visits > 1);
    await client.until(() => ofNext().length > 0);
    expect(ofNext()[0].visits).toBeGreaterThanOrEqual(visits);
  });

  test('begins anew where another board has needed the room for its tree', async () => {
    const begun = vi.spyOn(SearchThread.prototype, 'newSearch');
    const server = await startServer({ limits: { maxTrees: 1 } });
    const [one, other] = [await connectWith(server, PEOPLE), await connectWith(server, PEOPLE)];
    /** How many searches a search of the next position begins. */
    const search = async (client: Client, vertex: string): Promise<number> => {
      begun.mockClear();
      await client.play(vertex);
      await client.do({ type: 'setAnalysis', mode: 'search' });
      const { current } = client.board;
      await client.until(() => client.analyses.some(({ node, visits }) => node === current && visits > 1));
      await client.do({ type: 'setAnalysis', mode: 'policy' });
      return begun.mock.calls.length;
    };
    const searches = [await search(one, 'D4'), await search(one, 'F6')];
    searches.push(await search(other, 'D4'), await search(other, 'F6'), await search(one, 'C3'));
    expect(searches).toEqual([1, 0, 1, 0, 1]);
    begun.mockRestore();
  });

  test('of a move that hane thinks about is told, too', async () => {
    const client = await connectWith(await startServer(), { ...PEOPLE, white: 10 });
    await client.do({ type: 'setAnalysis', mode: 'search' });
    await client.play('D4');
    await client.until(() => client.analyses.some(({ node, visits }) => node === 1 && visits > 1));
    await client.until(() => client.board.nodes.length === 2);
    expect(client.board.isThinking).toBe(false);
  });

  test('rests while nobody looks', async () => {
    let asked = 0;
    const evaluator = scripted(game => {
      asked++;
      return chancyOpinion(game);
    });
    const client = await connectWith(await startServer({ evaluator }), PEOPLE);
    await client.do({ type: 'setAnalysis', mode: 'search' });
    await client.until(() => (client.analyses.at(-1)?.visits ?? 0) > 1);
    await client.do({ type: 'leave' });
    await pause(30);
    const before = asked;
    await pause(100);
    expect(asked).toBe(before);
  });
});

test('a network that fails once is asked again, and nobody is told', async () => {
  let failures = 0;
  const evaluator = scripted(game => {
    if (game.moveCount === 1 && failures++ === 0) throw new Error('one of its threads has ended');
    return chancyOpinion(game);
  });
  const server = await startServer({ evaluator });
  const client = await connectWith(server, AGAINST_HANE);
  await client.play('D4');
  await client.until(() => client.board.nodes.length === 2);
  expect(failures).toBeGreaterThan(1);
  expect([...server.warnings, ...client.messages.filter(({ type }) => type === 'error')]).toEqual([]);
});

test('a network that fails is told of, and the game goes on', async () => {
  let isBroken = false;
  const evaluator = scripted(game => {
    if (isBroken) throw new Error('out of memory');
    return chancyOpinion(game);
  });
  const server = await startServer({ evaluator });
  const client = await connectWith(server, PEOPLE);
  await client.until(() => client.analyses.length === 1);
  isBroken = true;
  await client.play('D4');
  await client.until(() => client.messages.some(message => message.type === 'error'));
  expect(client.messages.find(message => message.type === 'error')).toEqual({
    type: 'error',
    code: 'internal',
    message: 'hane cannot think: out of memory',
  });
  expect(server.warnings).toHaveLength(1);
  isBroken = false;
  await client.play('E5');
  await client.until(() => client.analyses.at(-1)!.node === 2);
  await until(() => client.board.outlooks.length === 3);
  expect(gameAt(client.board, 2).toPlay).toBe(BLACK);
});

test('a network that dies is opened again: boards stay, hane thinks on, viewers are told', async () => {
  let isDead = false;
  const evaluator = scripted(game => {
    if (isDead) throw new Error('the inference thread ended with code 1');
    return chancyOpinion(game);
  });
  Object.defineProperty(evaluator, 'hasEnded', { get: () => isDead });
  const server = await startServer({ evaluator });
  const client = await connectWith(server, AGAINST_HANE);
  await client.until(() => client.analyses.length === 1);
  isDead = true;
  await client.play('D4');
  await client.until(() => client.messages.some(message => message.type === 'error'));
  expect(client.messages.find(message => message.type === 'error')).toMatchObject({
    code: 'internal',
    message:
      'hane cannot think: the inference thread ended with code 1; it goes on as soon as its network is open again',
  });
  expect(client.board.isThinking).toBe(true);
  isDead = false;
  // Nobody asks for it again.
  await client.until(() => client.board.nodes.length === 2 && client.analyses.at(-1)!.node === 2);
  expect(server.warnings.filter(message => message.includes('opening another'))).not.toEqual([]);
  await client.play('E5');
  await client.until(() => client.board.nodes.length === 4);
});
