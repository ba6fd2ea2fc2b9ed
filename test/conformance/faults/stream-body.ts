import { request } from 'node:http';
import { Readable, type Transform } from 'node:stream';
import { createBrotliCompress, createDeflate, createGzip, constants } from 'node:zlib';
import type { CallAnswer } from '../../support/service/call.js';

/** How a body is compressed on its way. */
export const encodings = {
  gzip: () => createGzip({ level: 1 }),
  deflate: () => createDeflate({ level: 1 }),
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
} as const satisfies Readonly<Record<string, () => Transform>>;

/** A body of any size, made while it is sent. */
export interface StreamedBody {
  readonly pieces: Iterable<Buffer>;
  /** Said in the head; absent: chunked. */
  readonly length?: number;
  readonly encoding?: keyof typeof encodings;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The status of an answer that did not come: the service closed the connection while the body was being sent. */
export const cutOff = 0;

/**
 * Sends a body until it ends or is answered. A client that goes on sending although it is refused may be cut off before it
 * has seen the answer.
 */
export function streamBody(
  url: string,
  { pieces, length, encoding, headers }: StreamedBody,
): Promise<CallAnswer & { readonly sentBytes: number }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      agent: false,
      headers: {
        ...headers,
        ...(length === undefined ? {} : { 'Content-Length': length }),
        ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }),
      },
    });
    const source = Readable.from(pieces, { highWaterMark: 4 });
    let sentBytes = 0;
    source.on('data', (piece: Buffer) => (sentBytes += piece.length));
    let answered = false;
    sent.once('response', (response) => {
      answered = true;
      const received: Buffer[] = [];
      response.on('data', (piece: Buffer) => received.push(piece));
      response.once('error', reject);
      response.once('end', () => {
        source.destroy();
        sent.destroy();
        const text = Buffer.concat(received).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, sentBytes });
      });
    });
    sent.on('error', (error) => {
      source.destroy();
      if (answered) return;
      const isCut = 'code' in error && (error.code === 'EPIPE' || error.code === 'ECONNRESET');
      if (isCut) resolve({ status: cutOff, headers: {}, text: '', sentBytes });
      else reject(error);
    });
    source.on('error', () => undefined);
    if (encoding === undefined) source.pipe(sent);
    else source.pipe(encodings[encoding]().on('error', () => undefined)).pipe(sent);
  });
}
