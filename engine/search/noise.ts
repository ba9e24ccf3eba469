/** Noise in the priors at the root, so that self-play tries every move now and then. */
import type { Random } from '../random.ts';

/**
 * Concentration of the noise, divided by the number of moves: 0.03 for each of 361 moves.
 * Source: Silver et al. (2017), Methods; the scaling by moves as in KataGo (rootDirichletNoiseTotalConcentration).
 */
const TOTAL_CONCENTRATION = 0.03 * 361;

/** Mixes Dirichlet noise into priors that sum to 1. @param share of the noise, 0 to 1; @param priors changed in place, the first `count` */
export const addNoise = (priors: Float32Array, count: number, share: number, random: Random): void => {
  const noise = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    noise[i] = drawGamma(TOTAL_CONCENTRATION / count, random);
    sum += noise[i];
  }
  if (sum === 0) return;
  for (let i = 0; i < count; i++) priors[i] = (1 - share) * priors[i] + (share * noise[i]) / sum;
};

/** Draws from the gamma distribution of this shape and scale 1. Source: Marsaglia and Tsang, "A simple method for generating gamma variables" (2000). */
export const drawGamma = (shape: number, random: Random): number => {
  // Below 1, a draw of shape + 1 is scaled down.
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random.float()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.float()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
  }
};

/** Draws from the standard normal distribution (Box and Muller). */
const drawNormal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
