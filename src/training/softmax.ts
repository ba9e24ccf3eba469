/** Logits to probabilities. */
export const softmax = (logits: Float32Array): Float32Array => {
  const most = Math.max(...logits);
  const powers = logits.map(logit => Math.exp(logit - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map(power => power / sum);
};
