import { describe, expect, test } from 'vitest';
import { Game } from '../../../engine/game.ts';
import { Random } from '../../../engine/random.ts';
import { RULE_SETS } from '../../../engine/rules.ts';
import { Search } from '../../../engine/search/search.ts';
import { TERMINAL } from '../../../engine/search/tree.ts';
import { PASS, WHITE } from '../../../engine/types.ts';
import { diagram, markedPoint, playMoves } from '../../support/diagram.ts';
import { playRandomMoves } from '../../support/randomGames.ts';
import { childrenOf, noOpinion, scripted, treeOf } from './support.ts';

const openGame = (size = 9): Game => new Game({ width: size, komi: 0.5 });

describe('the rules in the tree', () => {
  test('a ko is not taken back at once, anywhere in the tree, by any ko rule', async () => {
    const text = `
      . X O . .
      X a X O .
      . X O . .
      . . . . .
      . . . . .`;
    for (const rules of Object.values(RULE_SETS)) {
      const game = diagram(text, { toPlay: WHITE, rules });
      const ko = markedPoint(text, 'a');
      expect(game.isLegal(ko)).toBe(true);
      const search = new Search(scripted(noOpinion));
      await search.think(game, { visits: 2000 });
      expect(findIllegal(search, game)).toEqual([]);
    }
  });

  test('no line repeats a position where superko forbids it', async () => {
    for (let seed = 0; seed < 5; seed++) {
      const game = new Game({ width: 3, height: 2, komi: 0.5, rules: RULE_SETS['tromp-taylor'] });
      const search = new Search(scripted(), { friendlyPass: false, seed, cPuct: 5 });
      await search.think(game, { visits: 3000 });
      expect(findIllegal(search, game)).toEqual([]);
    }
  });

  test('after two passes the game is scored as it stands, or without dead stones among friends', async () => {
    // The black stone below is worth three points to White if it comes off: its own, its place, and the point above.
    const text = `
      . X . X .
      X X X X X
      O O O O O
      O O . O O
      . O X O .`;
    for (const [friendlyPass, value] of [
      [true, -1],
      [false, 1],
    ] as const) {
      const game = diagram(text, { toPlay: WHITE, komi: -3 });
      game.play(PASS);
      const search = new Search(scripted(noOpinion), { friendlyPass });
      await search.think(game, { visits: 50 });
      const tree = treeOf(search);
      const ended = tree.childAt(0, PASS);
      expect(tree.state[ended]).toBe(TERMINAL);
      expect(-tree.valueSum[ended] / tree.visits[ended]).toBe(value);
    }
  });

  test('passing is tried late in the game and after a pass, not before', async () => {
    const hasPass = async (game: Game): Promise<boolean> => {
      const search = new Search(scripted(noOpinion));
      await search.think(game, { visits: 1 });
      return treeOf(search).edgeAt(0, PASS) >= 0;
    };
    const game = openGame();
    expect(await hasPass(game)).toBe(false);
    expect(await hasPass(playMoves(game, 'pass'))).toBe(true);
    playRandomMoves(game, 60, new Random(1));
    expect(await hasPass(game)).toBe(true);
  });

  test('no own true eye is ever filled', async () => {
    const game = diagram(`
      . X O O .
      X X O . O
      X O O O O
      X X X X X
      . X . X .`);
    const search = new Search(scripted(noOpinion));
    const { analysis } = await search.think(game, { visits: 200 });
    expect(analysis.candidates.map(({ point }) => point)).toEqual([PASS]);
  });
});

/** Walks every line of the tree on the game. @returns why moves of it are illegal */
const findIllegal = (search: Search, game: Game): string[] => {
  const tree = treeOf(search);
  const reasons: string[] = [];
  const replay = (node: number): void => {
    for (const child of childrenOf(tree, node)) {
      const why = game.whyIllegal(tree.point[child]);
      if (why !== undefined) reasons.push(why);
      game.play(tree.point[child]);
      replay(child);
      game.undo();
    }
  };
  replay(0);
  return reasons;
};
