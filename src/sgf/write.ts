/**
 * Writing SGF FF[4] in UTF-8. Iterative, since @sabaki/sgf's writer recurses for each node and overflows the stack between
 * 3,000 and 4,000 of them.
 */
import { makeSgfPoint } from '../../engine/coords.ts';
import type { Game } from '../../engine/game.ts';
import { BLACK, WHITE, type Color, type Rules } from '../../engine/types.ts';
import { RULE_SETS } from '../../engine/rules.ts';
import type { SgfNode } from './sgfNode.ts';

/** One game tree as SGF text, ending in a newline. Properties keep their order; nodes stand one on a line. */
export const makeSgf = (root: SgfNode): string => {
  const parts: string[] = [];
  // What is still to be written, last first: a node or a parenthesis.
  const open: (SgfNode | '(' | ')')[] = [')', root, '('];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (typeof item === 'string') {
      parts.push(item);
      continue;
    }
    parts.push(makeNode(item));
    const { children } = item;
    if (children.length === 1) open.push(children[0]);
    else for (let i = children.length - 1; i >= 0; i--) open.push(')', children[i], '(');
  }
  parts.push('\n');
  return parts.join('');
};

/** What a game does not know about itself. */
export interface SgfHeader {
  readonly black?: string;
  readonly white?: string;
  /** As GTP's final_score: "B+3.5", "W+R", "0". */
  readonly result?: string;
  readonly date?: string;
  readonly comment?: string;
}

/** The root properties of a game: board, komi, rules, handicap, set-up stones, who plays first, and what the header adds. */
export const rootProperties = (game: Game, header: SgfHeader = {}): Record<string, readonly string[]> => {
  const { width, height } = game;
  const properties: Record<string, readonly string[]> = {
    GM: ['1'],
    FF: ['4'],
    CA: ['UTF-8'],
    AP: ['hane'],
    SZ: [width === height ? `${width}` : `${width}:${height}`],
    KM: [`${game.komi}`],
  };
  const rules = ruleSetName(game.rules);
  const optional = {
    RU: rules,
    PB: header.black,
    PW: header.white,
    RE: header.result,
    DT: header.date,
    C: header.comment,
  };
  for (const [name, value] of Object.entries(optional)) if (value !== undefined) properties[name] = [value];
  if (game.handicap >= 2) properties['HA'] = [`${game.handicap}`];
  for (const [name, color] of [
    ['AB', BLACK],
    ['AW', WHITE],
  ] as const) {
    const points = game.setupStones
      .filter(stone => stone.color === color)
      .map(({ point }) => makeSgfPoint(point, game));
    if (points.length > 0) properties[name] = points;
  }
  if (game.setupStones.length > 0 || game.firstPlayer === WHITE)
    properties['PL'] = [letter(game.firstPlayer)];
  return properties;
};

/**
 * A game as SGF, root and one node a move.
 * @param annotate more properties for the node of move `i`, 0-based: C, SBKV, ...
 */
export const gameToSgf = (
  game: Game,
  header: SgfHeader = {},
  annotate?: (move: number) => Readonly<Record<string, readonly string[]>>,
): string => {
  const root = { properties: rootProperties(game, header), children: [] as SgfNode[] };
  let parent = root;
  for (let i = 0; i < game.moveCount; i++) {
    const { color, point } = game.moveAt(i);
    const node = {
      properties: { [letter(color)]: [makeSgfPoint(point, game)], ...annotate?.(i) },
      children: [] as SgfNode[],
    };
    parent.children.push(node);
    parent = node;
  }
  return makeSgf(root);
};

const makeNode = ({ properties }: SgfNode): string =>
  `\n;${Object.entries(properties)
    .map(([name, values]) => `${name}${values.map(value => `[${escapeText(value)}]`).join('')}`)
    .join('')}`;

/** Escapes what would end a value. A colon needs it only in composed values, which we write none of. */
const escapeText = (text: string): string => text.replace(/[\\\]]/g, '\\$&');

const letter = (color: Color): 'B' | 'W' => (color === BLACK ? 'B' : 'W');

const ruleSetName = (rules: Rules): string | undefined =>
  Object.entries(RULE_SETS).find(([, known]) => JSON.stringify(known) === JSON.stringify(rules))?.[0];
