/** A run that cannot be begun or gone on with; the message says what to change. */
export class TrainError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TrainError';
  }
}
