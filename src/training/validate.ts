/** How a run's network does on the validation split of its dataset: always the same positions. */
import { openEvaluator } from '../inference/evaluator.ts';
import type { Dataset } from './data/dataset.ts';
import { evaluateNetwork } from './eval/evaluateNetwork.ts';
import { datasetPositions } from './eval/positions.ts';

const SEED = 1;

/**
 * @param positions at most, of each kind: with a human's move, with a label
 * @returns what run.ts calls with a network file; it answers with the figures of eval/metrics.ts by name, none if the split is empty
 */
export const validator =
  (positions: number, threads: number) =>
  async (path: string, dataset: Dataset, signal?: AbortSignal): Promise<Record<string, number>> => {
    const source = datasetPositions(dataset, {
      split: 'validation',
      positions,
      labels: positions,
      seed: SEED,
    });
    if (source.total === 0) return {};
    const evaluator = await openEvaluator({ network: path, threads, kernel: 'float' });
    try {
      const { networks } = await evaluateNetwork(evaluator, source, { seed: SEED, signal });
      return Object.fromEntries(Object.entries(networks[0].overall).map(([name, { mean }]) => [name, mean]));
    } finally {
      await evaluator.close();
    }
  };
