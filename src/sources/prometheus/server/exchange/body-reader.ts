import type { IncomingHttpHeaders } from 'node:http';

/** Status and headers of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** Reads the body of an answer piece by piece, as it comes. */
export interface BodyReader<T> {
  /** What came of it, if that is known before the end: the rest is not waited for. */
  push(chunk: Buffer): T | undefined;
  /** The body is complete. */
  end(): T;
}
