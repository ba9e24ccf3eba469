/** Being replaced by onnxEngine.ts (generic over NetworkSpec); this wrapper only keeps scripts running meanwhile. */
import { goNetwork } from '../models/goNetworks.ts';
import * as batches from './batch.ts';
import type { Batch } from './batch.ts';
import { LOSS_WEIGHTS } from './engine.ts';
import { OnnxEngine } from './onnxEngine.ts';

export const PolicyNetStepper = {
  async create(shape: { layers: number; filters: number; planes?: number }, positions: number, options: { threads?: number } = {}) {
    const engine = await OnnxEngine.create(goNetwork(`${shape.layers}x${shape.filters}`), {
      positions, threads: options.threads ?? 2, methods: { kernels: 'muon', rest: 'adamw' }, lossWeights: LOSS_WEIGHTS,
    });
    return Object.assign(engine, { shape });
  },
};
export const makeBatch = ({ planes = 48 }: { planes?: number }, positions: number): Batch => batches.makeBatch(planes, positions);
