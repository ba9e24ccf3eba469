/** What steers a search, each with its default and where that comes from. */

/** Everything here may be changed between two searches. */
export interface SearchParameters {
  /** Weight of exploration: c of PUCT at a node of few visits. */
  readonly cPuct: number;
  /** How fast c grows with the visits of a node: c = cPuct + cPuctLog * ln((N + cPuctBase) / cPuctBase). */
  readonly cPuctLog: number;
  readonly cPuctBase: number;
  /**
   * First-play urgency: a move not yet tried counts as the node's own value less this times the square root of the share of
   * the policy that has been tried.
   */
  readonly fpuReduction: number;
  /** The same at the root. */
  readonly rootFpuReduction: number;
  /** Losses that a path under evaluation counts as, so that the next one goes elsewhere. */
  readonly virtualLoss: number;
  /** The priors of a node are raised to 1 / temperature: above 1 is flatter. */
  readonly policyTemperature: number;
  /** The same once more for the priors of the root only: above 1 looks at more moves. */
  readonly rootPolicyTemperature: number;
  /** Share of a playout's outcome in the value of a leaf, 0 to 1; where the network has no value it is 1. */
  readonly lambda: number;
  /** Most positions evaluated together; never more than the evaluator takes. */
  readonly batchSize: number;
  /** Batches under evaluation at once, 1 or 2: with 2 neither thread waits for the other. */
  readonly batchesInFlight: number;
  /** Whether each position is seen in a symmetry chosen by its hash, which evens out the network's leanings. */
  readonly turnsBoard: boolean;
  /** Share of noise in the priors at the root, for self-play; 0 otherwise. */
  readonly rootNoise: number;
  /** Seed of noise and playouts. */
  readonly seed: number;
  /**
   * Whether players agree on dead stones after two passes, as between people; if not, all stones count as they stand.
   * As {@link GtpEngine.friendlyPass}.
   */
  readonly friendlyPass: boolean;
  /** Most bytes of the tree. */
  readonly maxTreeBytes: number;
}

export const DEFAULT_PARAMETERS: SearchParameters = {
  // KataGo, cpp/configs/gtp_example.cfg: cpuctExploration, cpuctExplorationLog, cpuctExplorationBase, fpuReductionMax,
  // rootFpuReductionMax, numVirtualLossesPerThread.
  cPuct: 1,
  cPuctLog: 0.45,
  cPuctBase: 500,
  fpuReduction: 0.2,
  rootFpuReduction: 0.1,
  virtualLoss: 1,
  policyTemperature: 1,
  rootPolicyTemperature: 1,
  // By a match of 13x64 at 0.3 s a move: 13-1 against a share of 0.3. The paper's 0.5 was for a value network that a rollout could help.
  lambda: 0,
  batchSize: 8,
  batchesInFlight: 2,
  turnsBoard: true,
  rootNoise: 0,
  seed: 1,
  friendlyPass: true,
  maxTreeBytes: 512 * 2 ** 20,
};

/** Share of noise that self-play wants: {@link SearchParameters.rootNoise}. Source: Silver et al., "Mastering the game of Go without human knowledge" (2017), Methods. */
export const SELF_PLAY_NOISE = 0.25;

/** [least, most] of each number. */
const RANGES: Readonly<Partial<Record<keyof SearchParameters, readonly [number, number]>>> = {
  cPuct: [0, 100],
  cPuctLog: [0, 100],
  cPuctBase: [1, 1e9],
  fpuReduction: [0, 2],
  rootFpuReduction: [0, 2],
  // Without any, a move under its first evaluation would have a value of 0 / 0.
  virtualLoss: [0.01, 100],
  policyTemperature: [0.01, 100],
  rootPolicyTemperature: [0.01, 100],
  lambda: [0, 1],
  batchSize: [1, 1024],
  batchesInFlight: [1, 2],
  rootNoise: [0, 1],
  seed: [0, 2 ** 32 - 1],
  maxTreeBytes: [2 ** 20, 2 ** 36],
};

const WHOLE: readonly (keyof SearchParameters)[] = ['batchSize', 'batchesInFlight', 'seed', 'maxTreeBytes'];

/** Changes some parameters. @throws RangeError naming what is out of range and what is allowed */
export const withParameters = (
  parameters: SearchParameters,
  changes: Partial<SearchParameters>,
): SearchParameters => {
  const changed = { ...parameters, ...changes };
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = changed[name as keyof SearchParameters] as number;
    const isWhole = WHOLE.includes(name as keyof SearchParameters);
    if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) continue;
    throw new RangeError(
      `${name} ${value}: must be a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`,
    );
  }
  return changed;
};
