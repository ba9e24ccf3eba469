/**
 * A network's layers on a tape, from its specification: the forward pass of a training step. Normalisations use the statistics of
 * the batch and give them back.
 */
import type { LayerNode, NetworkSpec } from '../models/spec.ts';
import { isCentred, isSteady, isUnpadded } from '../models/windows.ts';
import { BoardOps } from './boardOps.ts';
import type { Tensor } from './graph.ts';
import type { Tape } from './tape.ts';

/**
 * What a layer gave, in one of three layouts: `board` [height, width, positions, channels], where convolutions work; `points`
 * [channels, positions, points], where each point has a bias of its own; `units` [positions, units].
 */
interface Value {
  readonly layout: 'board' | 'points' | 'units';
  readonly tensor: Tensor;
}

/** Mean and variance of a normalisation over one batch, for its running mean; shape [channels]. */
export interface BatchStatistics {
  readonly name: string;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

export interface RecordedNetwork {
  /** Outputs of a layer behind the boards, shape [positions, units]. @throws RangeError for a layer on boards */
  units(layer: string): Tensor;
  readonly statistics: readonly BatchStatistics[];
  /** What ReLUs behind the boards gave, shape [positions, units] each. */
  readonly hidden: readonly Tensor[];
}

/**
 * @param inputs by name: planes [positions, planes, 23, 23], komi [positions]
 * @param parameters by name, of the shapes that spec.ts `parameterSpecs` says
 */
export const recordNetwork = (
  tape: Tape,
  spec: NetworkSpec,
  inputs: ReadonlyMap<string, Tensor>,
  parameters: ReadonlyMap<string, Tensor>,
): RecordedNetwork => {
  const recorder = new Recorder(tape, inputs, parameters);
  for (const node of spec.nodes) recorder.add(node);
  return recorder;
};

class Recorder implements RecordedNetwork {
  readonly statistics: BatchStatistics[] = [];
  readonly hidden: Tensor[] = [];
  private readonly tape: Tape;
  private readonly boards: BoardOps;
  private readonly inputs: ReadonlyMap<string, Tensor>;
  private readonly parameters: ReadonlyMap<string, Tensor>;
  private readonly values = new Map<string, Value>();

  constructor(tape: Tape, inputs: ReadonlyMap<string, Tensor>, parameters: ReadonlyMap<string, Tensor>) {
    this.tape = tape;
    this.boards = new BoardOps(tape);
    this.inputs = inputs;
    this.parameters = parameters;
  }

  units(layer: string): Tensor {
    const { layout, tensor } = this.values.get(layer)!;
    if (layout !== 'units') throw new RangeError(`layer ${layer} is on boards: flatten it first`);
    return tensor;
  }

  add(node: LayerNode): void {
    this.values.set(node.name, this.record(node));
  }

  private record(node: LayerNode): Value {
    const { name, layer, inputs } = node;
    const { tape } = this;
    const from = inputs.map(input => this.values.get(input)!);
    const [first] = from;
    const same = (tensor: Tensor): Value => ({ layout: first.layout, tensor });
    switch (layer.type) {
      case 'input':
        return this.input(node);
      case 'conv':
        return this.conv(node, first);
      case 'batchNorm': {
        const [gain, bias] = [this.parameter(name, 'weight'), this.parameter(name, 'bias')];
        const { output, mean, variance } = this.boards.normalize(first.tensor, gain, bias, layer.epsilon);
        this.statistics.push({ name, mean, variance });
        return same(output);
      }
      case 'relu': {
        const output = tape.relu(first.tensor);
        if (first.layout === 'units') this.hidden.push(output);
        return same(output);
      }
      case 'tanh':
        return same(tape.tanh(first.tensor));
      case 'scale':
        return same(tape.scale(first.tensor, layer.factor));
      case 'add':
        return same(from.map(({ tensor }) => tensor).reduce((a, b) => tape.add(a, b)));
      case 'concat':
        return same(
          tape.concat(
            from.map(({ tensor }) => tensor),
            channelAxis(first),
          ),
        );
      case 'slice':
        return same(tape.slice(first.tensor, channelAxis(first), layer.start, layer.end));
      case 'globalMean':
        return { layout: 'units', tensor: this.mean(first) };
      case 'globalMax':
        return { layout: 'units', tensor: this.maximum(first) };
      case 'flatten':
        return { layout: 'units', tensor: this.flatten(first) };
      case 'dense': {
        const product = tape.matmul(first.tensor, this.parameter(name, 'weight'), { transB: true });
        return same(layer.bias ? tape.add(product, this.parameter(name, 'bias')) : product);
      }
      default:
        throw new RangeError(`layer ${name}: a ${layer.type} is not trained on ONNX Runtime`);
    }
  }

  private input({ name, shape }: LayerNode): Value {
    const tensor = this.inputs.get(name);
    if (!tensor)
      throw new RangeError(`there is no input "${name}": one of ${[...this.inputs.keys()].join(', ')}`);
    if (shape.length === 3) return { layout: 'board', tensor: this.boards.input(tensor) };
    return { layout: 'units', tensor: this.tape.reshape(tensor, [tensor.dims[0], 1]) };
  }

  private conv({ name, layer }: LayerNode, { tensor }: Value): Value {
    if (layer.type !== 'conv') throw new RangeError(`${name} is no convolution`);
    const { tape, boards } = this;
    const { kernel, pads, groups, links, bias, filters } = layer;
    const isSquare = kernel[0] === kernel[1];
    if (!isSquare || groups > 1 || links || !(isCentred(layer) || (isUnpadded(layer) && isSteady(layer))))
      throw new RangeError(
        `layer ${name}: on ONNX Runtime square convolutions of stride 1 are trained that keep the size or pad nothing`,
      );
    const output = boards.convolve(tensor, this.parameter(name, 'weight'), pads[0]);
    if (bias === 'none') return { layout: 'board', tensor: output };
    const values = this.parameter(name, 'bias');
    if (bias === 'filter') return { layout: 'board', tensor: tape.add(output, values) };
    const perPoint = tape.reshape(values, [filters, 1, values.dims[1]]);
    return { layout: 'points', tensor: tape.add(boards.points(output), perPoint) };
  }

  private mean({ layout, tensor }: Value): Tensor {
    if (layout === 'board') return this.boards.mean(tensor);
    const [channels, positions, points] = tensor.dims;
    const sums = this.tape.reshape(this.tape.sum(tensor, [2]), [channels, positions]);
    return this.tape.scale(this.tape.transpose(sums, [1, 0]), 1 / points);
  }

  private maximum({ layout, tensor }: Value): Tensor {
    if (layout === 'board') return this.boards.maximum(tensor);
    const [channels, positions] = tensor.dims;
    const most = this.tape.reshape(this.tape.max(tensor, 2), [channels, positions]);
    return this.tape.transpose(most, [1, 0]);
  }

  private flatten({ layout, tensor }: Value): Tensor {
    if (layout === 'units') return tensor;
    const { tape } = this;
    const points = layout === 'board' ? this.boards.points(tensor) : tensor;
    const [channels, positions, area] = points.dims;
    const byPosition = channels === 1 ? points : tape.transpose(points, [1, 0, 2]);
    return tape.reshape(byPosition, [positions, channels * area]);
  }

  private parameter(layer: string, part: string): Tensor {
    return this.parameters.get(`${layer}.${part}`)!;
  }
}

const channelAxis = ({ layout }: Value): number => (layout === 'board' ? 3 : layout === 'points' ? 0 : 1);
