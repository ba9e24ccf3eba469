/** A table of words' vectors for an embedding: given ones, and drawn ones for words that have none. */
import type { Random } from '../../../engine/random.ts';
import type { WordVectors } from './wordVectors.ts';

/**
 * Half the width of the range that vectors are drawn from: numbers between -reach and reach have the variance of the given ones, as in
 * section 3.2 of Kim 2014; his 0.25 is that of word2vec's. 0 without given ones.
 */
export const drawnReach = ({ size, vectors }: WordVectors): number => {
  let [sum, squares] = [0, 0];
  for (const vector of vectors.values())
    for (const value of vector) {
      sum += value;
      squares += value * value;
    }
  const count = Math.max(1, size * vectors.size);
  return Math.sqrt(3 * Math.max(0, squares / count - (sum / count) ** 2));
};

/**
 * @param words in the vocabulary's order
 * @param rows of the table: at least the words and the padding; those behind the words are drawn, too
 * @returns [rows, size], zeros for padding in row 0
 * @throws RangeError for fewer rows
 */
export const wordTable = (
  given: WordVectors,
  words: readonly string[],
  random: Random,
  rows = words.length + 1,
): Float32Array => {
  if (rows < words.length + 1) throw new RangeError(`${rows} rows are too few for ${words.length} words`);
  const { size, vectors } = given;
  const reach = drawnReach(given);
  const table = new Float32Array(rows * size);
  for (let row = 1; row < rows; row++) {
    const vector = vectors.get(words[row - 1]);
    if (vector) table.set(vector, row * size);
    else for (let i = 0; i < size; i++) table[row * size + i] = reach * (2 * random.float() - 1);
  }
  return table;
};
