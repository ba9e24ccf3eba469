/** A folder that is no dataset, or one that cannot be made as asked. The message names the file and what is wrong. */
export class DatasetError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatasetError';
  }
}
