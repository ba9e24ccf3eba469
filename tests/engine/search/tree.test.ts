import { expect, test } from 'vitest';
import { Random } from '../../../engine/random.ts';
import { NO_NODE, PENDING, Tree } from '../../../engine/search/tree.ts';
import { findFaults } from './support.ts';

const MIB = 2 ** 20;

/** Adds one visit along a way drawn by chance: expands the leaf it finds with `width` moves. @returns false if there is no room */
const growOnce = (tree: Tree, random: Random, width: number): boolean => {
  if (!tree.reserve(1, width + 1)) return false;
  let node = 0;
  while (tree.edges[node] > 0) {
    const edge = tree.firstEdge[node] + random.below(tree.edges[node]);
    if (tree.edgeChild[edge] === NO_NODE) tree.edgeChild[edge] = tree.addNode(node, tree.edgePoint[edge]);
    node = tree.edgeChild[edge];
  }
  const points = Array.from({ length: width }, (_, i) => 100 + i);
  tree.expand(
    node,
    points,
    points.map(() => 1 / width),
    width,
  );
  let value = random.float();
  for (let up = node; up !== NO_NODE; up = tree.parent[up]) {
    tree.visits[up]++;
    tree.valueSum[up] += value;
    value = -value;
  }
  return true;
};

const newTree = (maxBytes: number): Tree => {
  const tree = new Tree(maxBytes);
  tree.clear();
  return tree;
};

test('a tree grows up to its bound, and not beyond', () => {
  const tree = newTree(MIB);
  const random = new Random(1);
  let grown = 0;
  while (growOnce(tree, random, 30)) {
    grown++;
    expect(tree.sizeBytes).toBeLessThanOrEqual(MIB);
  }
  const used = tree.nodeCount * Tree.NODE_BYTES + tree.edgeCount * Tree.EDGE_BYTES;
  expect(used).toBeGreaterThan(0.9 * MIB);
  expect(tree.visits[0]).toBe(grown);
  expect(findFaults(tree)).toEqual([]);
});

test('a new root keeps all that was below it, and nothing else', () => {
  const random = new Random(2);
  const tree = newTree(64 * MIB);
  for (let i = 0; i < 2000; i++) growOnce(tree, random, 5);
  const [root] = [tree.edgeChild[tree.firstEdge[0] + 2]];
  const visits = tree.visits[root];
  const points = [0, 1].map(i => tree.point[tree.edgeChild[tree.firstEdge[root] + i]]);
  const grandchild = tree.edgeChild[tree.firstEdge[root] + 1];
  const before = [tree.visits[grandchild], tree.valueSum[grandchild]];
  const [sibling] = [tree.edgeChild[tree.firstEdge[0]]];
  tree.state[grandchild] = PENDING;
  tree.reroot(root);
  expect(tree.nodeCount).toBe(visits);
  expect(tree.visits[0]).toBe(visits);
  expect(tree.parent[0]).toBe(NO_NODE);
  expect(tree.movedTo(root)).toBe(0);
  expect(tree.movedTo(sibling)).toBe(NO_NODE);
  const moved = tree.movedTo(grandchild);
  expect([tree.visits[moved], tree.valueSum[moved], tree.state[moved]]).toEqual([...before, PENDING]);
  expect([0, 1].map(i => tree.point[tree.edgeChild[tree.firstEdge[0] + i]])).toEqual(points);
  expect(findFaults(tree)).toEqual([]);
});

test('a node that gets other edges hands its children on', () => {
  const tree = newTree(MIB);
  tree.expand(0, [101, 102], [0.6, 0.4], 2);
  const child = tree.addNode(0, 102);
  tree.edgeChild[tree.edgeAt(0, 102)] = child;
  tree.expand(0, [102, 101, 103], [0.5, 0.3, 0.2], 3);
  expect(tree.childAt(0, 102)).toBe(child);
  expect(tree.childAt(0, 101)).toBe(NO_NODE);
  tree.reroot(0);
  expect(tree.edgeCount).toBe(4);
  expect(tree.childAt(0, 102)).toBe(child);
});

test('nothing leaks while a thousand moves change the root and the tree grows again', () => {
  const random = new Random(3);
  const tree = newTree(2 * MIB);
  for (let move = 0; move < 1000; move++) {
    for (let i = 0; i < 200; i++) growOnce(tree, random, 6);
    const edge = tree.firstEdge[0] + random.below(tree.edges[0]);
    expect(tree.edgeChild[edge]).not.toBe(NO_NODE);
    const visits = tree.visits[tree.edgeChild[edge]];
    tree.reroot(tree.edgeChild[edge]);
    expect(tree.nodeCount).toBe(visits);
    expect(tree.edgeCount).toBe(7 * visits);
    expect(tree.sizeBytes).toBeLessThanOrEqual(2 * MIB);
  }
  expect(findFaults(tree)).toEqual([]);
});
