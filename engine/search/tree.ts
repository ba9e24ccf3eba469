/**
 * The tree of a search: a struct of typed arrays that grow by halves up to a bound in bytes. Nodes are numbered, the root is
 * node 0. While one of the arrays grows its old copy is there too, beyond the bound.
 *
 * Implementation notes. A node is made when a move is first tried; its moves ("edges") are made when its evaluation comes, as
 * one block, the likeliest first. Nodes are only ever added at the end, and {@link Tree.reroot} keeps their order, so a parent
 * always has a smaller number than its children. Keeping a subtree is then three walks without recursion: mark forwards, move
 * the blocks of edges down, move the nodes down. A block begins with one edge that says whose it is and how long, so that
 * blocks can be walked too, whatever the order they were made in.
 */
import { NO_POINT, type Point } from '../types.ts';

/** No node: a move never tried, or the parent of the root. */
export const NO_NODE = -1;

/** A node that has not been evaluated. */
export const NEW = 0;
/** A node whose evaluation is under way. */
export const PENDING = 1;
/** A node with edges. */
export const EXPANDED = 2;
/** A node where the game is over; it has no edges. */
export const TERMINAL = 3;

/** Owner of a block of edges that nobody uses any more. */
const NOBODY = -1;

const FIRST_NODES = 1024;
const FIRST_EDGES = 32 * 1024;
const GROWTH = 1.5;

export class Tree {
  /** Nodes in use; they are numbered from 0. */
  nodeCount = 0;
  /** Edges in use, dead ones included. */
  edgeCount = 0;

  /** The node before, or NO_NODE. Shape [nodes], like all that follow. */
  parent: Int32Array;
  /** The move that leads here, a point or PASS. */
  point: Int16Array;
  /** NEW, PENDING, EXPANDED or TERMINAL. */
  state: Uint8Array;
  /** N: evaluations that came back, of the node itself and all below it. */
  visits: Int32Array;
  /** Paths through this node that are under evaluation. */
  virtual: Uint16Array;
  /** W: sum of values in [-1, 1] for the player to move at the node. */
  valueSum: Float64Array;
  /** Sum of the squares of those values. */
  valueSquares: Float64Array;
  /** Sum of leads in points for the player to move at the node. */
  leadSum: Float64Array;
  /** Sum of the squares of those leads. */
  leadSquares: Float64Array;
  /** Number of the first edge. */
  firstEdge: Int32Array;
  /** Number of edges; 0 unless EXPANDED. */
  edges: Uint16Array;

  /** The move, a point or PASS; for the first edge of a block, its number of edges. Shape [edges], like those that follow. */
  edgePoint: Int16Array;
  /** P: probability of the move by the policy; those of a node sum to 1. */
  edgePrior: Float32Array;
  /** The node after the move, or NO_NODE; for the first edge of a block, the node that it belongs to. */
  edgeChild: Int32Array;

  /** Bytes of a node and of an edge. */
  static readonly NODE_BYTES = 4 + 2 + 1 + 4 + 2 + 8 * 4 + 4 + 2 + 4;
  static readonly EDGE_BYTES = 2 + 4 + 4;

  private readonly maxBytes: number;
  /** New number of each node that {@link reroot} kept, for {@link movedTo}. */
  private moved = new Int32Array(FIRST_NODES);

  /** @param maxBytes bound of all arrays together; at least what the smallest tree takes, 1 MiB */
  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
    this.parent = new Int32Array(FIRST_NODES);
    this.point = new Int16Array(FIRST_NODES);
    this.state = new Uint8Array(FIRST_NODES);
    this.visits = new Int32Array(FIRST_NODES);
    this.virtual = new Uint16Array(FIRST_NODES);
    this.valueSum = new Float64Array(FIRST_NODES);
    this.valueSquares = new Float64Array(FIRST_NODES);
    this.leadSum = new Float64Array(FIRST_NODES);
    this.leadSquares = new Float64Array(FIRST_NODES);
    this.firstEdge = new Int32Array(FIRST_NODES);
    this.edges = new Uint16Array(FIRST_NODES);
    this.edgePoint = new Int16Array(FIRST_EDGES);
    this.edgePrior = new Float32Array(FIRST_EDGES);
    this.edgeChild = new Int32Array(FIRST_EDGES);
  }

  /** Bytes of all arrays. */
  get sizeBytes(): number {
    return this.state.length * Tree.NODE_BYTES + this.edgePoint.length * Tree.EDGE_BYTES;
  }

  /** Forgets everything and makes a new root. */
  clear(): void {
    this.nodeCount = 0;
    this.edgeCount = 0;
    this.addNode(NO_NODE, NO_POINT);
  }

  /** Makes room for this many more. @returns false if the bound leaves none */
  reserve(nodes: number, edges: number): boolean {
    const { NODE_BYTES, EDGE_BYTES } = Tree;
    const nodesNeeded = this.nodeCount + nodes;
    const edgesNeeded = this.edgeCount + edges;
    const nodeLength = this.state.length;
    const edgeLength = this.edgePoint.length;
    if (nodesNeeded <= nodeLength && edgesNeeded <= edgeLength) return true;
    // Both grow in the proportion that the tree has now, so that near the bound neither takes the other's room.
    const growth = Math.min(GROWTH, this.maxBytes / (nodesNeeded * NODE_BYTES + edgesNeeded * EDGE_BYTES));
    const newNodes = Math.max(nodeLength, Math.floor(nodesNeeded * growth));
    const newEdges = Math.max(edgeLength, Math.floor(edgesNeeded * growth));
    if (nodesNeeded > newNodes || edgesNeeded > newEdges) return false;
    if (newNodes * NODE_BYTES + newEdges * EDGE_BYTES > this.maxBytes) return false;
    if (newNodes > nodeLength) this.growNodes(newNodes);
    if (newEdges > edgeLength) this.growEdges(newEdges);
    return true;
  }

  /** Adds a NEW node. Assumes that there is room. @returns its number */
  addNode(parent: number, point: Point): number {
    const node = this.nodeCount++;
    this.parent[node] = parent;
    this.point[node] = point;
    this.state[node] = NEW;
    this.visits[node] = 0;
    this.virtual[node] = 0;
    this.valueSum[node] = 0;
    this.valueSquares[node] = 0;
    this.leadSum[node] = 0;
    this.leadSquares[node] = 0;
    this.firstEdge[node] = 0;
    this.edges[node] = 0;
    return node;
  }

  /**
   * Gives a node its edges; it is EXPANDED then. Edges that it had before hand their children on. Assumes that there is room.
   * @param points moves, the likeliest first; all those that had a child among them
   * @param priors as many
   */
  expand(node: number, points: ArrayLike<Point>, priors: ArrayLike<number>, count: number): void {
    const { edgePoint, edgePrior, edgeChild } = this;
    const block = this.edgeCount;
    this.edgeCount += count + 1;
    edgePoint[block] = count;
    edgeChild[block] = node;
    for (let i = 0; i < count; i++) {
      const edge = block + 1 + i;
      edgePoint[edge] = points[i];
      edgePrior[edge] = priors[i];
      edgeChild[edge] = this.childAt(node, points[i]);
    }
    if (this.edges[node] > 0) edgeChild[this.firstEdge[node] - 1] = NOBODY;
    this.firstEdge[node] = block + 1;
    this.edges[node] = count;
    this.state[node] = EXPANDED;
  }

  /** The node after a move at `node`, or NO_NODE. */
  childAt(node: number, point: Point): number {
    const edge = this.edgeAt(node, point);
    return edge < 0 ? NO_NODE : this.edgeChild[edge];
  }

  /** The edge of a move at `node`, -1 if there is none. */
  edgeAt(node: number, point: Point): number {
    const first = this.firstEdge[node];
    for (let edge = first; edge < first + this.edges[node]; edge++)
      if (this.edgePoint[edge] === point) return edge;
    return -1;
  }

  /** Makes `node` the root and forgets all that is not below it. {@link movedTo} then tells what became of each node. */
  reroot(node: number): void {
    this.number(node);
    this.keepEdges();
    this.keepNodes(node);
  }

  /** The number, after the last {@link reroot}, of what was node `node` before; NO_NODE if it is gone. */
  movedTo(node: number): number {
    return this.moved[node];
  }

  /** Writes to `moved` the new number of each node at and below `root`, NO_NODE for the others. */
  private number(root: number): void {
    const { moved, parent, nodeCount } = this;
    moved.fill(NO_NODE, 0, root);
    moved[root] = 0;
    let kept = 1;
    for (let node = root + 1; node < nodeCount; node++)
      moved[node] = moved[parent[node]] === NO_NODE ? NO_NODE : kept++;
  }

  private keepEdges(): void {
    const { edgePoint, edgePrior, edgeChild, moved, firstEdge } = this;
    let to = 0;
    for (let block = 0; block < this.edgeCount;) {
      const length = edgePoint[block] + 1;
      const owner = edgeChild[block];
      if (owner !== NOBODY && moved[owner] !== NO_NODE) {
        edgePoint.copyWithin(to, block, block + length);
        edgePrior.copyWithin(to, block, block + length);
        edgeChild[to] = moved[owner];
        for (let i = 1; i < length; i++) {
          const child = edgeChild[block + i];
          edgeChild[to + i] = child === NO_NODE ? NO_NODE : moved[child];
        }
        firstEdge[owner] = to + 1;
        to += length;
      }
      block += length;
    }
    this.edgeCount = to;
  }

  private keepNodes(root: number): void {
    const { moved, nodeCount } = this;
    let kept = 0;
    for (let node = root; node < nodeCount; node++) {
      const to = moved[node];
      if (to === NO_NODE) continue;
      this.parent[to] = node === root ? NO_NODE : moved[this.parent[node]];
      this.point[to] = this.point[node];
      this.state[to] = this.state[node];
      this.visits[to] = this.visits[node];
      this.virtual[to] = this.virtual[node];
      this.valueSum[to] = this.valueSum[node];
      this.valueSquares[to] = this.valueSquares[node];
      this.leadSum[to] = this.leadSum[node];
      this.leadSquares[to] = this.leadSquares[node];
      this.firstEdge[to] = this.firstEdge[node];
      this.edges[to] = this.edges[node];
      kept++;
    }
    this.nodeCount = kept;
  }

  private growNodes(length: number): void {
    this.parent = grown(this.parent, new Int32Array(length));
    this.point = grown(this.point, new Int16Array(length));
    this.state = grown(this.state, new Uint8Array(length));
    this.visits = grown(this.visits, new Int32Array(length));
    this.virtual = grown(this.virtual, new Uint16Array(length));
    this.valueSum = grown(this.valueSum, new Float64Array(length));
    this.valueSquares = grown(this.valueSquares, new Float64Array(length));
    this.leadSum = grown(this.leadSum, new Float64Array(length));
    this.leadSquares = grown(this.leadSquares, new Float64Array(length));
    this.firstEdge = grown(this.firstEdge, new Int32Array(length));
    this.edges = grown(this.edges, new Uint16Array(length));
    this.moved = new Int32Array(length);
  }

  private growEdges(length: number): void {
    this.edgePoint = grown(this.edgePoint, new Int16Array(length));
    this.edgePrior = grown(this.edgePrior, new Float32Array(length));
    this.edgeChild = grown(this.edgeChild, new Int32Array(length));
  }
}

const grown = <T extends Int32Array | Int16Array | Uint8Array | Uint16Array | Float32Array | Float64Array>(
  old: T,
  larger: T,
): T => {
  larger.set(old);
  return larger;
};
