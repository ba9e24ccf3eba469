/** A query that cannot be answered: the message in KataGo's words, and the field that it is about. */
export class QueryError extends Error {
  readonly field: string | undefined;

  constructor(field: string | undefined, message: string) {
    super(message);
    this.name = 'QueryError';
    this.field = field;
  }
}
