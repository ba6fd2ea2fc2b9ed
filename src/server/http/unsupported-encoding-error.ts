/** Says that a body has a content encoding that this service cannot undo. */
export class UnsupportedEncodingError extends Error {
  /** As express has it on its own errors. */
  readonly status = 415;

  constructor() {
    super('the content encoding is not supported');
    this.name = 'UnsupportedEncodingError';
  }
}
