/**
 * The closed list of what can go wrong. A code decides the HTTP status and the exit status of the command
 * line, in one place each; the message is for the person.
 */
export const errorCodes = [
  'invalid-input',
  'invalid-config',
  'conflict',
  'not-found',
  'too-large',
  'unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** One thing that is wrong with one field: where it is, what stands there and what was expected. */
export interface FieldError {
  /** Path of the field as a person would write it: `looks[3].canary.requests`. Empty for the whole value. */
  readonly path: string;
  /** What is wrong and what was expected, one sentence without the path. */
  readonly message: string;
  /** Present where a file could not be read: another time it may be, though nobody changes anything. */
  readonly unreadable?: true;
}

/** The base of every error that this project throws on purpose. */
export class VerdictError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];

  constructor(code: ErrorCode, message: string, fields: readonly FieldError[] = [], options?: ErrorOptions) {
    super(message, options);
    this.name = 'VerdictError';
    this.code = code;
    this.fields = fields;
  }
}

/** `path: message`, or the message alone where the whole value is meant. */
export function describeFieldError(error: FieldError): string {
  return error.path === '' ? error.message : `${error.path}: ${error.message}`;
}

/** One invalid-input error for a list of field errors; the message names the first few of them. */
export function invalidInput(fields: readonly FieldError[]): VerdictError {
  const shown = fields.slice(0, 3).map(describeFieldError).join('; ');
  const more = fields.length > 3 ? ` (and ${fields.length - 3} more)` : '';
  return new VerdictError('invalid-input', shown + more, fields);
}
