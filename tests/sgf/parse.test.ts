import { describe, expect, test } from 'vitest';
import { mainLine } from '../../src/sgf/record.ts';
import { parseSgf, type SgfNode } from '../../src/sgf/parse.ts';
import { makeSgf } from '../../src/sgf/write.ts';

test('a game with variations becomes a tree, the first child being the main line', () => {
  const [root] = parseSgf('(;GM[1]SZ[9];B[ee](;W[cc];B[gg])(;W[gc]C[other]))');
  expect(root.properties).toEqual({ GM: ['1'], SZ: ['9'] });
  const [move] = root.children;
  expect(move.children.map(child => child.properties)).toEqual([{ W: ['cc'] }, { W: ['gc'], C: ['other'] }]);
  expect(mainLine(root).map(node => Object.keys(node.properties).join())).toEqual(['GM,SZ', 'B', 'W', 'B']);
});

test('a collection has several games', () => {
  const games = parseSgf('(;GM[1]PB[a];B[aa])(;GM[1]PB[b])\n\n(;GM[1]PB[c])');
  expect(games.map(game => game.properties['PB'])).toEqual([['a'], ['b'], ['c']]);
});

test('text before the first game, a byte order mark and blanks between are left out', () => {
  for (const text of [
    'Dear friend,\n\n(;GM[1];B[aa])',
    '\ufeff(;GM[1];B[aa])',
    '  \r\n( ; GM [1] ; B [aa] )',
  ]) {
    const [root] = parseSgf(text);
    expect([text, root.children[0]?.properties]).toEqual([text, { B: ['aa'] }]);
    const [fromBytes] = parseSgf(Buffer.from(text));
    expect([text, fromBytes.children[0]?.properties]).toEqual([text, { B: ['aa'] }]);
  }
});

test('escaped brackets, backslashes and line breaks are read as the format says', () => {
  const [root] = parseSgf('(;C[a \\] b \\\\ c \\: d])');
  expect(root.properties['C']).toEqual(['a ] b \\ c : d']);
});

describe('encodings', () => {
  // "고수" in EUC-KR and "名人" in GB18030 are other bytes than in UTF-8.
  const inBytes = (head: string, ...bytes: number[]): Buffer =>
    Buffer.concat([Buffer.from(head), Buffer.from(bytes), Buffer.from('])')]);
  test.each([
    ['UTF-8 with its name', Buffer.from('(;GM[1]CA[UTF-8]PB[고수])'), '고수'],
    ['UTF-8 without', Buffer.from('(;GM[1]PB[고수])'), '고수'],
    ['EUC-KR', inBytes('(;GM[1]CA[EUC-KR]PB[', 0xb0, 0xed, 0xbc, 0xf6), '고수'],
    ['GB18030', inBytes('(;GM[1]CA[GB18030]PB[', 0xc3, 0xfb, 0xc8, 0xcb), '名人'],
  ])('%s', (_, bytes, name) => {
    expect(parseSgf(bytes)[0].properties['PB']).toEqual([name]);
  });

  test('bytes that fit no encoding, and a name that nobody knows, are read as something', () => {
    const odd = Buffer.concat([
      Buffer.from('(;GM[1]CA[nonsense]PB['),
      Buffer.from([0xff, 0xfe, 0x80]),
      Buffer.from('];B[aa])'),
    ]);
    expect(parseSgf(odd)[0].children[0].properties).toEqual({ B: ['aa'] });
  });
});

test.each([
  ['', 'empty'],
  ['()', 'empty'],
  ['(;GM[1];B[aa', 'syntax'],
  ['hello, world', 'syntax'],
  [')', 'syntax'],
])('%j is no game, and the error says so', (text, code) => {
  expect(() => parseSgf(text)).toThrow(expect.objectContaining({ name: 'SgfError', code }));
});

test('a missing parenthesis at the end is forgiven', () => {
  expect(parseSgf('(;GM[1];B[aa]')[0].children).toHaveLength(1);
});

const chain = (length: number): SgfNode => {
  const root = { properties: { GM: ['1'] }, children: [] as SgfNode[] };
  let last: { children: SgfNode[] } = root;
  for (let i = 0; i < length; i++) {
    const node = { properties: { B: ['aa'], C: [`node ${i}`] }, children: [] as SgfNode[] };
    last.children.push(node);
    last = node;
  }
  return root;
};

test('a tree of 50,000 nodes is written and read again', () => {
  const tree = chain(50_000);
  const read = parseSgf(makeSgf(tree))[0];
  const nodes = mainLine(read);
  expect(nodes).toHaveLength(50_001);
  expect(nodes.at(-1)!.properties).toEqual({ B: ['aa'], C: ['node 49999'] });
});

test('what is written is read as it was: variations, several values, special characters', () => {
  const tree: SgfNode = {
    properties: { GM: ['1'], AB: ['aa', 'bb'], C: ['] \\ : [ 名 \n second line'] },
    children: [
      { properties: { B: ['cc'] }, children: [{ properties: { W: [''] }, children: [] }] },
      { properties: { B: ['dd'] }, children: [] },
    ],
  };
  expect(parseSgf(makeSgf(tree))).toEqual([tree]);
});
