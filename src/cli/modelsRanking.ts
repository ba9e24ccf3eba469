/** What a network says of one input, as lines for people. */
import { UserError } from './errors.ts';

/**
 * The likeliest classes, best first: by probability, or by how near their codes are.
 * @param output what the network calls its numbers
 * @param top how many of them: all by default
 * @throws UserError for a network without classes
 */
export const rankingText = (
  output: string,
  values: Float32Array,
  names: readonly string[],
  top = values.length,
): string => {
  if (output === 'features') throw new UserError('this network has no classes: --json prints its features');
  const isDistance = output === 'distances';
  const shown = output === 'logits' ? softmax(values) : values;
  return Array.from(shown, (value, index) => ({ value, index }))
    .toSorted((a, b) => (isDistance ? a.value - b.value : b.value - a.value))
    .slice(0, top)
    .map(({ value, index }) => {
      const known = names[index];
      const name = known === undefined || known === `${index}` ? `class ${index}` : `${index} ${known}`;
      return isDistance
        ? `${name}: distance ${value.toFixed(2)}\n`
        : `${name}: ${(100 * value).toFixed(2)} %\n`;
    })
    .join('');
};

const softmax = (logits: Float32Array): Float32Array => {
  const most = Math.max(...logits);
  const powers = logits.map(logit => Math.exp(logit - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map(power => power / sum);
};
