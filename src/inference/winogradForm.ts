/**
 * A network in which convolutions take fewer multiplications: the same ONNX operators' network with its 3x3 and 5x5 convolutions
 * in Winograd's form (src/models/winograd.ts), made when a session is opened. Files hold the plain network.
 *
 * Between such convolutions a tensor lies as rows, one for each point of the board: [rows, n * channels]. The rows stand so that
 * what comes out of the tiles needs no sorting, by place within a tile first and by tile second:
 *
 *     row(y, x) = ((y % m) * m + x % m) * tiles + floor(y / m) * tilesX + floor(x / m)
 *
 * Tiles reach beyond the board; there the bias is so low that the ReLU behind leaves 0, and one of these rows serves all
 * convolutions as the zero padding. What is no such convolution, ReLU or sum sees the usual [n, channels, height, width].
 *
 * Layer by layer: gather the points of all tiles, transform along one axis, then along the other, multiply with the transformed
 * kernel for each frequency (most of the time goes there), transform back along both axes. Start reading at
 * {@link makeWinogradForm}.
 */
import { cookToom, transformKernel, WINOGRAD_POINTS } from '../models/winograd.ts';
import { int, ints } from '../onnx/graphWriter.ts';
import {
  FLOAT32,
  floatsOf,
  toNumber,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
} from '../onnx/onnxFile.ts';
import { GraphPatch } from './graphPatch.ts';

/** Added on rows beyond the board: nothing a network says comes near. */
const FAR_BELOW = -1e30;

/** A tensor as rows. */
interface Rows {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly rowOf: (y: number, x: number) => number;
  readonly count: number;
  /** A row beyond the board, if there is one. */
  readonly zeroRow: number | undefined;
  /** Whether rows beyond the board are 0; else they are far below. */
  readonly isClean: boolean;
}

/** A convolution that can take this form. */
interface Convolution {
  readonly size: number;
  readonly padding: number;
  readonly filters: number;
  readonly channels: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array | undefined;
}

/**
 * Rewrites a network of our form (contract.ts), of any board size.
 * @returns undefined if nothing in it can take this form; `model` is not changed
 */
export const makeWinogradForm = (model: OnnxModel): OnnxModel | undefined => {
  const rewriter = new Rewriter(model);
  for (const node of model.graph.node) rewriter.take(node);
  return rewriter.finish();
};

class Rewriter {
  private readonly model: OnnxModel;
  private readonly constants: ReadonlyMap<string, OnnxTensor>;
  private readonly patch = new GraphPatch();
  /** Tensors that lie as rows, by their names in the network. */
  private readonly rows = new Map<string, Rows>();
  /** Those of them that have been put in the usual order too. */
  private readonly sorted = new Set<string>();
  /** Other names of tensors that lie in the usual order. */
  private readonly aliases = new Map<string, string>();
  private rewritten = 0;

  constructor(model: OnnxModel) {
    this.model = model;
    this.constants = new Map(model.graph.initializer.map(tensor => [tensor.name, tensor]));
  }

  take(node: OnnxNode): void {
    const [out] = node.output;
    const from = node.input.map(name => this.rows.get(name));
    if (node.op_type === 'Conv') {
      const convolution = this.readConvolution(node);
      const source = convolution && this.sourceOf(node.input[0], convolution);
      if (convolution && source) {
        this.rows.set(out, this.convolve(out, source, convolution));
        this.rewritten++;
        return;
      }
    }
    if (node.op_type === 'Identity') {
      if (from[0]) {
        this.rows.set(out, from[0]);
        return;
      }
      this.aliases.set(out, this.aliases.get(node.input[0]) ?? node.input[0]);
    }
    if (node.op_type === 'Relu' && from[0]) {
      const name = this.patch.emit('Relu', `${out} rows`, [from[0].name]);
      this.rows.set(out, { ...from[0], name, isClean: true });
      return;
    }
    const isSum = node.op_type === 'Sum' || node.op_type === 'Add';
    if (isSum && from.every(rows => rows !== undefined) && areAlike(from)) {
      const target = from.find(({ isClean }) => !isClean) ?? from[0];
      const parts = from.map((rows, i) => this.arrange(rows, target, `${out} part ${i}`));
      const name = this.patch.emit(node.op_type, `${out} rows`, parts);
      this.rows.set(out, { ...target, name });
      return;
    }
    for (const name of node.input) this.sort(name);
    this.patch.nodes.push(node);
  }

  finish(): OnnxModel | undefined {
    if (this.rewritten === 0) return undefined;
    const { graph } = this.model;
    for (const { name } of graph.output) this.sort(name);
    const { nodes, constants } = this.patch;
    const used = new Set(nodes.flatMap(({ input }) => input));
    const kept = graph.initializer.filter(({ name }) => used.has(name));
    return {
      ...this.model,
      graph: { ...graph, node: nodes, initializer: [...kept, ...constants] },
    };
  }

  /** What a node says of its convolution; undefined if it is of another kind. */
  private readConvolution({ input, attribute }: OnnxNode): Convolution | undefined {
    const weight = this.constants.get(input[1]);
    const bias = input[2] ? this.constants.get(input[2]) : undefined;
    if (weight?.data_type !== FLOAT32 || (input[2] && bias?.data_type !== FLOAT32)) return undefined;
    const [filters, channels, size, width] = weight.dims.map(toNumber);
    const all = (name: string, fallback: number): readonly number[] =>
      attribute.find(each => each.name === name)?.ints?.map(toNumber) ?? [fallback];
    const pads = all('pads', 0);
    const group = attribute.find(each => each.name === 'group')?.i ?? 1;
    const isPlain =
      size === width &&
      (size === 3 || size === 5) &&
      pads.every(pad => pad === pads[0]) &&
      [...all('strides', 1), ...all('dilations', 1), toNumber(group)].every(value => value === 1) &&
      !attribute.some(each => each.name === 'auto_pad');
    if (!isPlain) return undefined;
    const numbers = floatsOf(weight);
    return { size, padding: pads[0], filters, channels, weight: numbers, bias: bias && floatsOf(bias) };
  }

  /**
   * What a convolution reads as rows: rows with zeros beyond the board, or an input of the network if it needs none. Also without
   * padding its last tiles reach beyond the board, and next to what is far below nothing is left of the points on it.
   */
  private sourceOf(name: string, { padding, channels }: Convolution): Rows | undefined {
    const rows = this.rows.get(name);
    if (rows) return rows.isClean ? rows : undefined;
    const original = this.aliases.get(name) ?? name;
    const info = this.model.graph.input.find(input => input.name === original);
    const dims = info?.type.tensor_type.shape.dim.map(({ dim_value }) => toNumber(dim_value ?? 0));
    if (padding > 0 || dims?.length !== 4 || dims[1] !== channels) return undefined;
    const [height, width] = dims.slice(2);
    // As a matrix, which ONNX Runtime turns many times faster than four axes.
    const flat = this.patch.reshape(`${name} flat`, name, [-1, height * width]);
    return {
      name: this.patch.emit('Transpose', `${name} rows`, [flat], [ints('perm', [1, 0])]),
      height,
      width,
      channels,
      rowOf: (y, x) => y * width + x,
      count: height * width,
      zeroRow: undefined,
      isClean: true,
    };
  }

  private convolve(out: string, source: Rows, convolution: Convolution): Rows {
    const { size, padding, filters, channels, weight, bias } = convolution;
    const matrices = cookToom(WINOGRAD_POINTS[size], size);
    const [m, n] = [matrices.output.length, matrices.input.length];
    const height = source.height + 2 * padding - size + 1;
    const width = source.width + 2 * padding - size + 1;
    // One tile more where the tiles end with the board: some row has to be beyond it.
    const tilesY = Math.ceil(height / m) + (height % m === 0 && width % m === 0 ? 1 : 0);
    const tilesX = Math.ceil(width / m);
    const tiles = tilesY * tilesX;
    const count = m * m * tiles;
    const rowOf = (y: number, x: number): number =>
      ((y % m) * m + (x % m)) * tiles + Math.floor(y / m) * tilesX + Math.floor(x / m);

    const picked: number[] = [];
    for (let r = 0; r < n; r++)
      for (let s = 0; s < n; s++)
        for (let tile = 0; tile < tiles; tile++) {
          const y = Math.floor(tile / tilesX) * m + r - padding;
          const x = (tile % tilesX) * m + s - padding;
          picked.push(pick(source, y, x));
        }
    let x = this.patch.emit(
      'Gather',
      `${out} tiles`,
      [source.name, this.patch.integers(`${out} picked`, picked)],
      [int('axis', 0)],
    );
    const input = this.patch.floats(`${out} B`, matrices.input.flat(), [n, n]);
    x = this.patch.reshape(`${out} tiles by row`, x, [n, -1]);
    x = this.patch.emit('MatMul', `${out} transformed along y`, [input, x]);
    x = this.patch.reshape(`${out} tiles by column`, x, [n, n, -1]);
    x = this.patch.emit('MatMul', `${out} transformed`, [input, x]);

    const kernel = transformKernel(weight, filters, channels, size, matrices.kernel);
    x = this.patch.reshape(`${out} frequencies`, x, [n * n, -1, channels]);
    x = this.patch.emit('MatMul', `${out} multiplied`, [
      x,
      this.patch.floats(`${out} U`, kernel, [n * n, channels, filters]),
    ]);

    const output = this.patch.floats(`${out} A`, matrices.output.flat(), [m, n]);
    x = this.patch.reshape(`${out} multiplied by row`, x, [n, -1]);
    x = this.patch.emit('MatMul', `${out} back along y`, [output, x]);
    x = this.patch.reshape(`${out} multiplied by column`, x, [m, n, -1]);
    x = this.patch.emit('MatMul', `${out} back`, [output, x]);

    const biases = new Float32Array(count * filters).fill(FAR_BELOW);
    for (let i = 0; i < height * width; i++) {
      const at = rowOf(Math.floor(i / width), i % width) * filters;
      if (bias) biases.set(bias, at);
      else biases.fill(0, at, at + filters);
    }
    x = this.patch.reshape(`${out} points`, x, [count, -1, filters]);
    x = this.patch.emit('Add', `${out} biased`, [
      x,
      this.patch.floats(`${out} bias`, biases, [count, 1, filters]),
    ]);
    const zeroRow = Math.ceil(height / m) < tilesY || height % m > 0 ? rowOf(height, 0) : rowOf(0, width);
    const name = this.patch.reshape(`${out} rows`, x, [count, -1]);
    return { name, height, width, channels: filters, rowOf, count, zeroRow, isClean: false };
  }

  /** Puts a tensor that lies as rows in the usual order, under its own name. */
  private sort(name: string): void {
    const rows = this.rows.get(name);
    if (!rows || this.sorted.has(name)) return;
    this.sorted.add(name);
    const { height, width, channels, rowOf } = rows;
    const board = Array.from({ length: height * width }, (_, i) => rowOf(Math.floor(i / width), i % width));
    let x = this.patch.emit(
      'Gather',
      `${name} board`,
      [rows.name, this.patch.integers(`${name} board points`, board)],
      [int('axis', 0)],
    );
    x = this.patch.reshape(`${name} by channels`, x, [height * width, -1, channels]);
    x = this.patch.emit('Transpose', `${name} turned back`, [x], [ints('perm', [1, 2, 0])]);
    this.patch.reshape(name, x, [0, channels, height, width]);
  }

  /** The same tensor with its rows where the tiles of another want them. */
  private arrange(rows: Rows, target: Rows, name: string): string {
    const { height, width } = target;
    const picked = Array<number>(target.count).fill(rows.zeroRow!);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) picked[target.rowOf(y, x)] = rows.rowOf(y, x);
    if (rows.count === target.count && picked.every((row, i) => row === i || row === rows.zeroRow))
      return rows.name;
    return this.patch.emit(
      'Gather',
      name,
      [rows.name, this.patch.integers(`${name} picked`, picked)],
      [int('axis', 0)],
    );
  }
}

const areAlike = (all: readonly Rows[]): boolean =>
  all.every(
    ({ height, width, channels, zeroRow }) =>
      height === all[0].height &&
      width === all[0].width &&
      channels === all[0].channels &&
      zeroRow !== undefined,
  );

/** The row of a point; the zero padding beside the board, and anything where only outputs beyond the board would see it. */
const pick = ({ height, width, rowOf, zeroRow }: Rows, y: number, x: number): number =>
  y >= 0 && x >= 0 && y < height && x < width
    ? rowOf(y, x)
    : (zeroRow ?? rowOf(Math.min(y, height - 1), Math.min(x, width - 1)));
