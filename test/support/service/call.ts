import { request, type Agent, type IncomingHttpHeaders } from 'node:http';

/** One request to a service. */
export interface Call {
  readonly method?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Keeps connections for further requests; absent: one connection a request. */
  readonly agent?: Agent;
  /** After so long without a byte it counts as unanswered. */
  readonly timeoutMs?: number;
}

/** An answer, read to its end. */
export interface CallAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends a request and reads the answer; rejects where the connection is refused, cut, or silent for too long. */
export function call(url: string, options: Call = {}): Promise<CallAnswer> {
  const { body, agent = false, headers = {}, timeoutMs = 60_000 } = options;
  const method = options.method ?? (body === undefined ? 'GET' : 'POST');
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers, timeout: timeoutMs }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(pieces).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.once('error', reject);
    // With a length of its own a body is one write; without, it would be chunked.
    if (body !== undefined) sent.setHeader('Content-Length', Buffer.byteLength(body));
    sent.end(body);
  });
}
