/** Files that are not the data they should be; the message names the file and what is wrong with it. */
export class ModelDataError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelDataError';
  }
}
