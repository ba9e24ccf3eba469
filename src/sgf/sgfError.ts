export type SgfErrorCode = 'syntax' | 'empty' | 'size' | 'encoding' | 'move' | 'archive';

/** Text that is no SGF, or SGF that is no game of Go hane can hold. The message says where and what. */
export class SgfError extends Error {
  readonly code: SgfErrorCode;

  constructor(code: SgfErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SgfError';
    this.code = code;
  }
}
