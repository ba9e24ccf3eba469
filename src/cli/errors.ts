/** A mistake of the user's: its message says what was wrong and what would be right. Ends the program with status 2. */
export class UserError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UserError';
  }
}
