import { describe, expect, test } from 'vitest';
import { Game } from '../../../engine/game.ts';
import { Random } from '../../../engine/random.ts';
import { DEFAULT_PARAMETERS, type SearchParameters } from '../../../engine/search/params.ts';
import { Search } from '../../../engine/search/search.ts';
import { playRandomMoves } from '../../support/randomGames.ts';
import { slowSearch, type SlowNode } from '../../support/slowSearch.ts';
import { chancyOpinion, drawTree, scripted, treeOf, type Drawn } from './support.ts';

const draw = ({ values, moves }: SlowNode): Drawn => ({
  visits: values.length,
  value: values.reduce((total, value) => total + value, 0),
  children: moves.flatMap(({ point, child }) =>
    child && child.values.length > 0 ? [[point, draw(child)] as const] : [],
  ),
});

interface Case {
  readonly what: string;
  readonly size: number;
  readonly moves: number;
  readonly visits: number;
  readonly parameters?: Partial<SearchParameters>;
  readonly knowsPass?: boolean;
}

const CASES: readonly Case[] = [
  { what: 'one leaf at a time', size: 7, moves: 0, visits: 400, parameters: { batchSize: 1 } },
  { what: 'one leaf at a time, deep', size: 3, moves: 0, visits: 800, parameters: { batchSize: 1 } },
  { what: 'batches of 8', size: 9, moves: 10, visits: 500, parameters: { batchSize: 8 } },
  {
    what: 'batches of 16, larger losses',
    size: 5,
    moves: 4,
    visits: 500,
    parameters: { batchSize: 16, virtualLoss: 3 },
  },
  {
    what: 'near the end, passes among the moves',
    size: 5,
    moves: 30,
    visits: 500,
    parameters: { batchSize: 4 },
  },
  { what: 'a network that knows no pass', size: 4, moves: 12, visits: 500, knowsPass: false },
  {
    what: 'a flat policy',
    size: 7,
    moves: 5,
    visits: 300,
    parameters: { policyTemperature: 1.7, fpuReduction: 0.4 },
  },
  { what: 'a full board', size: 19, moves: 150, visits: 300, parameters: { cPuct: 3, rootFpuReduction: 0 } },
];

describe('the search visits what a slow and obvious one visits', () => {
  test.each(CASES.flatMap(given => [1, 2].map(batchesInFlight => ({ ...given, batchesInFlight }))))(
    '$what on $size x $size, $batchesInFlight in flight',
    async given => {
      const { size, moves, visits, knowsPass = true, batchesInFlight } = given;
      for (const seed of [1, 2, 3]) {
        const game = new Game({ width: size, komi: 0.5 });
        playRandomMoves(game, moves, new Random(seed));
        while (game.isOver) game.undo();
        const changes = {
          batchSize: 8,
          ...given.parameters,
          batchesInFlight,
          friendlyPass: false,
          turnsBoard: false,
        };
        const search = new Search(scripted(chancyOpinion, { knowsPass }), changes);
        const { playouts, reason } = await search.think(game, { visits });
        const expected = slowSearch(
          game,
          chancyOpinion,
          visits,
          { ...DEFAULT_PARAMETERS, ...changes },
          knowsPass,
        );
        expect([playouts, reason]).toEqual([visits, 'visits']);
        expect(drawTree(treeOf(search))).toEqual(draw(expected));
      }
    },
  );
});
