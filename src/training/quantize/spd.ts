/** Symmetric positive definite matrices, row by row in one array: what rounding weights needs of linear algebra. */

/**
 * Cholesky's factor: lower triangular L with L L' = matrix.
 * @throws RangeError if the matrix is not positive definite
 */
export const cholesky = (matrix: Float64Array, size: number): Float64Array => {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j];
      for (let k = 0; k < j; k++) sum -= factor[i * size + k] * factor[j * size + k];
      if (i !== j) factor[i * size + j] = sum / factor[j * size + j];
      else if (sum > 0) factor[i * size + i] = Math.sqrt(sum);
      else throw new RangeError(`the matrix is not positive definite: pivot ${i} is ${sum}`);
    }
  return factor;
};

/** @throws RangeError if the matrix is not positive definite */
export const invert = (matrix: Float64Array, size: number): Float64Array => {
  const factor = cholesky(matrix, size);
  // Row j of this is column j of the factor's inverse, so that sums run along rows.
  const columns = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    columns[j * size + j] = 1 / factor[j * size + j];
    for (let i = j + 1; i < size; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= factor[i * size + k] * columns[j * size + k];
      columns[j * size + i] = sum / factor[i * size + i];
    }
  }
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < size; k++) sum += columns[i * size + k] * columns[j * size + k];
      inverse[i * size + j] = sum;
      inverse[j * size + i] = sum;
    }
  return inverse;
};
