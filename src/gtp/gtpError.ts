/** A command that fails: what a handler throws, and what the client reads after `? `. Wording as in the GTP 2 specification. */
export class GtpError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GtpError';
  }
}
