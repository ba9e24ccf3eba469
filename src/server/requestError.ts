import type { ErrorCode } from './protocol/messages.ts';

/** A request that cannot be granted. Its message goes to whoever asked: what was wrong, and what would be right. */
export class RequestError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RequestError';
    this.code = code;
  }
}
