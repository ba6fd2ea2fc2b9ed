import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { illness, type Failure } from '../failure.js';
import type { AnswerHead, BodyReader } from './body-reader.js';
import type { Lease } from './connections.js';
import type { Deadline } from './deadline.js';
import { describeEnd, describeNetworkError } from './network-reason.js';

/** A request as it goes over the wire. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** A form, unless `contentType` says otherwise; absent for GET. */
  readonly body?: string;
  readonly contentType?: string;
}

/** What came of a request, and how many bytes of a body. */
export interface Sent<T> {
  readonly result: T | Failure;
  readonly bytes: number;
  /** What the server said the time is, milliseconds since the epoch; absent where it did not. */
  readonly dateMs?: number;
}

/**
 * Sends one request and reads its answer. Whatever happens the promise is kept: by the end of the deadline at the latest,
 * when the connection is cut.
 *
 * @param readerFor how the body is read, by status and headers
 */
export function send<T>(
  { method, url, headers, body, contentType = 'application/x-www-form-urlencoded' }: Call,
  lease: Lease,
  deadline: Deadline,
  readerFor: (head: AnswerHead) => BodyReader<T | Failure>,
): Promise<Sent<T>> {
  return new Promise((resolve) => {
    const startMs = performance.now();
    let bytes = 0;
    let dateMs = NaN;
    let isDone = false;
    const begin = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = begin(url, {
      agent: lease.agent,
      method,
      headers: {
        ...headers,
        'user-agent': 'ml-verdict',
        accept: 'application/json',
        // Servers stand in the same cluster or machine as a rule, where packing takes longer than sending what it saves.
        'accept-encoding': 'identity',
        ...(body === undefined
          ? {}
          : {
              'content-type': contentType,
              'content-length': String(Buffer.byteLength(body)),
            }),
      },
    });
    const finish = (result: T | Failure): void => {
      if (isDone) return;
      isDone = true;
      deadline.signal.removeEventListener('abort', onDeadline);
      resolve({ result, bytes, ...(Number.isNaN(dateMs) ? {} : { dateMs }) });
    };
    /** What is still on its way is not wanted: without this it would be waited for. */
    const cut = (result: T | Failure): void => {
      finish(result);
      request.destroy();
    };
    const onDeadline = (): void => {
      cut(describeEnd(deadline, performance.now() - startMs, bytes));
    };
    const onAnswer = (answer: IncomingMessage): void => {
      dateMs = Date.parse(answer.headers.date ?? '');
      const reader = readerFor({ status: answer.statusCode ?? 0, headers: answer.headers });
      answer.on('data', (chunk: Buffer) => {
        if (isDone) return;
        bytes += chunk.length;
        const early = attempt(() => reader.push(chunk));
        if (early !== undefined) cut(early);
      });
      answer.on('end', () => {
        if (!isDone) finish(attempt(() => reader.end()));
      });
      answer.on('error', (error) => {
        cut(describeNetworkError(error, { url, isStale: false, hasBegun: true }));
      });
    };
    request.on('response', onAnswer);
    request.on('error', (error) => {
      if (isDone) return;
      const isStale = request.reusedSocket;
      if (isStale) lease.dropIdle();
      finish(describeNetworkError(error, { url, isStale, hasBegun: bytes > 0 }));
    });
    deadline.signal.addEventListener('abort', onDeadline);
    if (deadline.end === undefined) request.end(body);
    else onDeadline();
  });
}

/** What a reader makes of a body. A text longer than any can be, or whatever else it throws at, must not end the process. */
function attempt<T>(read: () => T): T | Failure {
  try {
    return read();
  } catch {
    return illness('failed', 'answers what cannot be read: select less with where');
  }
}
