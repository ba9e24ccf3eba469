/** Stochastic depth (Huang et al. 2016): blocks of a residual network that training leaves out, later ones more often. */

export interface StochasticDepth {
  /** How often the last block is there, p_L: 0.5 by default, as in the paper; 1 leaves none out. */
  readonly survival?: number;
  /** Drawn for a whole batch (the paper; what is left out is not computed) or for each of its rows. 'batch' by default. */
  readonly mode?: 'batch' | 'row';
  /** A branch counts by its chance in use ('test', the paper, by default), or by its inverse in training ('train', torchvision). */
  readonly scaling?: 'test' | 'train';
}

/** p_l = 1 - l / L (1 - p_L) for l = 1 to L; 1 without stochastic depth. */
export const survivals = (blocks: number, depth: StochasticDepth | undefined): number[] => {
  const { survival = 0.5 } = depth ?? { survival: 1 };
  return Array.from({ length: blocks }, (_, i) => 1 - ((i + 1) / blocks) * (1 - survival));
};
