import { VerdictError } from '../domain/errors.js';

/** Of a body with more lines, or elements, than it may have. */
export function tooManyLines(maxLines: number): VerdictError {
  return new VerdictError(
    'too-large',
    `expected a body of at most ${maxLines} lines (ingest.linesLimit); send it in several requests`,
  );
}

/** The problem of a line, or element, that is too long. */
export function tooLongLine(maxLineBytes: number): string {
  return `expected a line of at most ${maxLineBytes} bytes`;
}

/** Of a body that is too large, as it was sent or as it was decoded. */
export function tooLargeBody(maxBodyBytes: number): VerdictError {
  return new VerdictError(
    'too-large',
    `expected a body of at most ${maxBodyBytes} bytes; send it in several requests`,
  );
}
