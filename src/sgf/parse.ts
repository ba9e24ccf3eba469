/**
 * Reading SGF (FF[1] to FF[4]) through @sabaki/sgf, with what real files need on top: text before the first game, encodings
 * that its detection gives up on, and errors that say where. Only this file imports the package.
 */
import sgf, { type SabakiNode } from '@sabaki/sgf';
import { SgfError } from './sgfError.ts';
import type { SgfNode } from './sgfNode.ts';

export type { SgfNode } from './sgfNode.ts';

/** Where a file says its encoding. */
const HEAD_BYTES = 400;

/**
 * Reads all games of a file.
 * @param source text, or bytes in any encoding that the file names (CA) or that can be guessed; Latin-1 else
 * @returns the root of each game, at least one
 * @throws SgfError if there is no game in it or it breaks off
 */
export const parseSgf = (source: string | Uint8Array): SgfNode[] => {
  const trees = typeof source === 'string' ? parseText(source) : parseBytes(Buffer.from(source));
  const games = trees.flatMap(unwrap);
  if (games.length === 0) throw new SgfError('empty', 'no game in it: an SGF file begins with "(;"');
  return games.map(convert);
};

const parseText = (text: string): SabakiNode[] => guard(() => sgf.parse(fromFirstGame(text)));

const parseBytes = (file: Buffer): SabakiNode[] => {
  const bytes = file.subarray(firstGame(file.toString('latin1')));
  try {
    return guard(() => sgf.parseBuffer(bytes));
  } catch (error) {
    if (!(error instanceof SgfError) || error.code !== 'encoding') throw error;
  }
  // The detection had no guess: take what the file says of itself, else Latin-1, which reads anything.
  const named = /CA\s*\[([^\]]+)\]/.exec(bytes.toString('latin1', 0, HEAD_BYTES))?.[1];
  if (named) {
    try {
      return guard(() => sgf.parseBuffer(bytes, { encoding: named }));
    } catch (error) {
      if (!(error instanceof SgfError) || error.code !== 'encoding') throw error;
    }
  }
  return parseText(bytes.toString('latin1'));
};

/** Turns the package's errors into ours. */
const guard = (parse: () => SabakiNode[]): SabakiNode[] => {
  try {
    return parse();
  } catch (error) {
    const message = (error as Error).message;
    if (/encoding/i.test(message)) throw new SgfError('encoding', message, { cause: error });
    if (error instanceof RangeError)
      throw new SgfError('syntax', 'variations are nested too deeply', { cause: error });
    throw new SgfError('syntax', message.replace(/^Unexpected token/, 'not SGF'), { cause: error });
  }
};

/** Drops what mail and web pages put before the game. */
const fromFirstGame = (text: string): string => text.slice(firstGame(text));

/** Where the first game begins; 0 if there is none. No encoding of SGF files has "(" within another character. */
const firstGame = (text: string): number => /\(\s*;/.exec(text)?.index ?? 0;

/** Text before the first "(" makes a false root without properties: its children are the games. */
const unwrap = (node: SabakiNode): SabakiNode[] =>
  Object.keys(node.data).length === 0 && node.children.length > 0 && isGame(node.children[0])
    ? node.children
    : isEmpty(node)
      ? []
      : [node];

const isGame = ({ data }: SabakiNode): boolean =>
  ['GM', 'FF', 'SZ', 'PB', 'PW', 'AB'].some(name => name in data);

const isEmpty = ({ data, children }: SabakiNode): boolean =>
  Object.keys(data).length === 0 && children.length === 0;

/** Without recursion, since games of many thousand nodes are chains. */
const convert = (root: SabakiNode): SgfNode => {
  const make = ({ data }: SabakiNode): { properties: Record<string, string[]>; children: SgfNode[] } => ({
    properties: Object.fromEntries(Object.entries(data).filter(([, values]) => values.length > 0)),
    children: [],
  });
  const result = make(root);
  const open: [SabakiNode, SgfNode[]][] = [[root, result.children]];
  for (let item = open.pop(); item; item = open.pop()) {
    const [node, children] = item;
    for (const child of node.children) {
      const converted = make(child);
      children.push(converted);
      open.push([child, converted.children]);
    }
  }
  return result;
};
