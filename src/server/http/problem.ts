import { VerdictError, type ErrorCode, type FieldError } from '../../domain/errors.js';

/** What can be wrong with a request as a whole, beside the codes of our own errors. */
type ProblemCode =
  | ErrorCode
  | 'unauthorized'
  | 'forbidden'
  | 'method-not-allowed'
  | 'unsupported-encoding'
  | 'timeout'
  | 'headers-too-large'
  | 'too-many-requests'
  | 'overloaded';

/** Problem details as RFC 9457 has them, with the offending fields. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Names this occurrence by the id of its request, which the log has as well. */
  readonly instance?: string;
  readonly errors: readonly FieldError[];
}

/** The one place where a code becomes a status. */
const kinds: Readonly<Record<ProblemCode, { readonly status: number; readonly title: string }>> = {
  'invalid-input': { status: 400, title: 'The request cannot be used' },
  unauthorized: { status: 401, title: 'The service does not know who asks' },
  forbidden: { status: 403, title: 'The caller may not do this' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  timeout: { status: 408, title: 'The request took too long to arrive' },
  'too-large': { status: 413, title: 'The request is too large' },
  'unsupported-encoding': { status: 415, title: 'The encoding of the request is not supported' },
  conflict: { status: 422, title: 'The request contradicts an earlier one' },
  'too-many-requests': { status: 429, title: 'The caller asks too often' },
  'headers-too-large': { status: 431, title: 'The head of the request is too large' },
  'invalid-config': { status: 500, title: 'The service is not configured as it should be' },
  internal: { status: 500, title: 'The service failed' },
  overloaded: { status: 503, title: 'The service has too much to do' },
  unavailable: { status: 503, title: 'The service cannot answer now' },
};

/** So many wrong fields are told one by one: an answer must not outgrow its question. */
const mostErrors = 100;

/** The problem details of a code. */
export function problem(code: ProblemCode, detail: string, errors: readonly FieldError[] = []): Problem {
  const { status, title } = kinds[code];
  const told = errors.slice(0, mostErrors);
  if (errors.length > told.length) {
    told.push({ path: '', message: `${errors.length - told.length} more fields are wrong` });
  }
  return { type: `urn:ml-verdict:problem:${code}`, title, status, detail, errors: told };
}

/**
 * The problem details of anything that was thrown while a request was answered. What is not known to be meant for
 * the caller is told as `internal`, without its message.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof VerdictError) {
    return error.code === 'internal' ? internal() : problem(error.code, error.message, error.fields);
  }
  const status = statusOf(error);
  if (status === 413) return problem('too-large', 'The body is larger than this route takes.');
  if (status === 415) {
    return problem(
      'unsupported-encoding',
      'Send the body plain, or with Content-Encoding gzip, deflate or br.',
    );
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return problem(
      'invalid-input',
      'The request could not be read: its path, its headers or its body is malformed.',
    );
  }
  return internal();
}

function internal(): Problem {
  return problem(
    'internal',
    'The service failed on this request; its log has the request id with the cause.',
  );
}

/** The status that express and its body parser put on their errors. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}
