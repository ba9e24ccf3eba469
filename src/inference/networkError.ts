export type NetworkErrorCode = 'missing' | 'manifest' | 'hash' | 'format' | 'shape' | 'runtime' | 'backend';

/** A network that cannot be used; the message names it, what is wrong with it and what would be right. */
export class NetworkError extends Error {
  readonly code: NetworkErrorCode;

  constructor(code: NetworkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NetworkError';
    this.code = code;
  }
}
