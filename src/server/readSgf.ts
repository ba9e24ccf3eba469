/**
 * A game record as a board: all variations, comments, names, result. What a board cannot hold is left out and said; what is no
 * record at all is an error.
 */
import { makeVertex } from '../../engine/coords.ts';
import { DEFAULT_KOMI, type Game } from '../../engine/game.ts';
import { RULE_SETS, type RuleSetName } from '../../engine/rules.ts';
import { BLACK, type Color } from '../../engine/types.ts';
import { parseSgf, type SgfNode } from '../sgf/parse.ts';
import { nodeMoves, readRecord, setupStones, type GameRecord, type Result } from '../sgf/record.ts';
import { SgfError } from '../sgf/sgfError.ts';
import { ROOT, letterOf, startOf, type BoardState, type MoveNode, type Start } from './protocol/board.ts';
import { MOST_NODES, MOST_SGF_BYTES } from './protocol/messages.ts';
import { RequestError } from './requestError.ts';
import { MOST_KOMI } from './schema.ts';

/** What a record puts on a board. Ids are from 1. */
export interface ReadGame extends Pick<BoardState, 'start' | 'nodes' | 'names' | 'result'> {
  /** What was left out, in words; empty for a plain record. */
  readonly problems: readonly string[];
}

/** Characters of a player's name. */
const LONGEST_NAME = 200;

/** Characters of one comment. */
const LONGEST_COMMENT = 60_000;

/** Problems that are told; the rest is counted. */
const TOLD_PROBLEMS = 3;

/** Rules where the record names none that are known. */
const USUAL_RULES: RuleSetName = 'chinese';

/** Servers that count as in China write stones, or hundredths. Source: Fox, Tygem and their converters. */
const KOMI_IN_STONES: ReadonlyMap<number, number> = new Map([
  [3.75, 7.5],
  [375, 7.5],
  [3.25, 6.5],
  [325, 6.5],
  [2.75, 5.5],
  [275, 5.5],
  [750, 7.5],
  [650, 6.5],
  [550, 5.5],
]);

/**
 * Reads the first game of a file.
 * @param bytes in any encoding that the file names or that can be guessed
 * @throws RequestError `invalid` saying what is wrong with it
 */
export const readSgf = (bytes: Uint8Array): ReadGame => {
  if (bytes.length > MOST_SGF_BYTES)
    throw new RequestError('invalid', `${bytes.length} bytes: a record has at most ${MOST_SGF_BYTES}`);
  try {
    const roots = parseSgf(bytes);
    const record = readRecord(roots[0]);
    const problems: string[] = roots.length > 1 ? [`one of ${roots.length} games`] : [];
    const start = makeStart(roots[0], record, problems);
    const game = startOf(start);
    if (start.setup.length > 0 && game.setupStones.length === 0)
      throw new SgfError('move', 'the set-up stones leave a chain without liberties');
    const nodes = readTree(roots[0], game, problems);
    const names = {
      ...(record.black === undefined ? {} : { black: record.black.slice(0, LONGEST_NAME) }),
      ...(record.white === undefined ? {} : { white: record.white.slice(0, LONGEST_NAME) }),
    };
    return { start, nodes, names, result: makeResult(record.result), problems };
  } catch (error) {
    if (!(error instanceof SgfError)) throw error;
    throw new RequestError('invalid', `the record cannot be read: ${error.message}`, { cause: error });
  }
};

/** What was left out, for people; undefined if nothing was. */
export const describeProblems = (problems: readonly string[]): string | undefined => {
  if (problems.length === 0) return undefined;
  const more = problems.length - TOLD_PROBLEMS;
  return `${problems.slice(0, TOLD_PROBLEMS).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
};

const makeStart = (root: SgfNode, record: GameRecord, problems: string[]): Start => {
  const { width, height, setup, handicap, toPlay } = record;
  const blacks = setup.filter(({ color }) => color === BLACK).length;
  const comment = readComment(root);
  // Of a root with a move the comment is the move's.
  const isMove = 'B' in root.properties || 'W' in root.properties;
  return {
    width,
    height,
    komi: readKomi(record.komi, problems),
    rules: ruleSetOf(record, root, problems),
    handicap: handicap >= 2 && blacks === setup.length ? blacks : 0,
    setup: setup.map(({ color, point }) => ({
      color: letterOf(color as Color),
      vertex: makeVertex(point, record),
    })),
    toPlay: letterOf(toPlay),
    ...(comment === undefined || isMove ? {} : { comment }),
  };
};

const readKomi = (komi: number | undefined, problems: string[]): number => {
  if (komi === undefined) return DEFAULT_KOMI;
  const points = KOMI_IN_STONES.get(komi) ?? komi;
  if (Math.abs(points) <= MOST_KOMI) return points;
  problems.push(`komi ${komi} of no rules: ${DEFAULT_KOMI} instead`);
  return DEFAULT_KOMI;
};

const ruleSetOf = ({ rules }: GameRecord, root: SgfNode, problems: string[]): RuleSetName => {
  const names = Object.keys(RULE_SETS) as RuleSetName[];
  const name = rules && names.find(each => RULE_SETS[each] === rules);
  const said = root.properties['RU']?.[0]?.trim();
  if (!name && said) problems.push(`rules "${said.slice(0, LONGEST_NAME)}" unknown: ${USUAL_RULES} instead`);
  return name ?? USUAL_RULES;
};

/** A node of the file that is still to be read, and where it belongs. */
interface Open {
  readonly node: SgfNode;
  readonly parent: number;
  /** Moves before it. */
  readonly depth: number;
  /** Whether it is on the main line, whose set-up stones before the first move are of the start. */
  readonly isMain: boolean;
}

/** All moves, in the order of the file, which puts the main line first. */
const readTree = (root: SgfNode, game: Game, problems: string[]): MoveNode[] => {
  const nodes: MoveNode[] = [];
  const open: Open[] = [{ node: root, parent: ROOT, depth: 0, isMain: true }];
  for (let next = open.pop(); next; next = open.pop()) {
    while (game.moveCount > next.depth) game.undo();
    const parent = readNode(next, game, nodes, problems);
    if (parent === undefined) continue;
    if (nodes.length > MOST_NODES)
      throw new SgfError('move', `more than ${MOST_NODES} moves: a board holds no more`);
    const { children } = next.node;
    for (let i = children.length - 1; i >= 0; i--)
      open.push({
        node: children[i],
        parent,
        depth: game.moveCount,
        isMain: next.isMain && i === 0,
      });
  }
  return nodes;
};

/** Plays the moves of a node. @returns the last one's id, or the parent's; undefined if the rest has to be left out */
const readNode = (
  { node, parent, isMain }: Open,
  game: Game,
  nodes: MoveNode[],
  problems: string[],
): number | undefined => {
  const isOfStart = isMain && game.moveCount === 0;
  if (!isOfStart && setupStones(node, game, []).length > 0) {
    problems.push(`stones set up after move ${game.moveCount}, with all below`);
    return undefined;
  }
  const moves = nodeMoves(node, game);
  if (!moves) {
    problems.push(`a move ${game.moveCount + 1} that is no point of the board, with all below`);
    return undefined;
  }
  const comment = readComment(node);
  let last = parent;
  for (const { color, point } of moves) {
    const reason = game.whyUnplayable(point, color);
    if (reason) {
      problems.push(`move ${game.moveCount + 1} at ${makeVertex(point, game)} (${reason}), with all below`);
      return undefined;
    }
    game.play(point, color);
    const id = nodes.length + 1;
    nodes.push({
      id,
      parent: last,
      color: letterOf(color),
      vertex: makeVertex(point, game),
      ...(comment === undefined ? {} : { comment }),
    });
    last = id;
  }
  return last;
};

const readComment = ({ properties }: SgfNode): string | undefined =>
  properties['C']?.[0]?.trim().slice(0, LONGEST_COMMENT) || undefined;

/** As SGF writes it; undefined results are none, and so are games that were called off. */
const makeResult = (result: Result | undefined): string | null => {
  if (!result || result.winner === 'void') return null;
  if (result.winner === 'draw') return '0';
  const winner = `${letterOf(result.winner)}+`;
  if ('margin' in result) return `${winner}${result.margin}`;
  return { resignation: `${winner}R`, time: `${winner}T`, forfeit: `${winner}F`, unknown: winner }[result.by];
};
