import type { Request } from 'express';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { UnsupportedEncodingError } from './unsupported-encoding-error.js';

type Body = AsyncIterable<Uint8Array>;

const decoders: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * The body of a request without its content encoding, to be read once. Reading less than all of it leaves the
 * connection open, so that an answer can still be sent.
 * @throws UnsupportedEncodingError where the encoding is not known
 */
export function decodedBody(request: Request): Body {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return request.iterator({ destroyOnReturn: false }) as Body;
  const makeDecoder = decoders[encoding];
  if (makeDecoder === undefined) throw new UnsupportedEncodingError();
  const decoder = makeDecoder();
  request.once('error', (error) => decoder.destroy(error));
  // A client that goes away is no end of its body.
  request.once('aborted', () => decoder.destroy(new Error('the client went away')));
  request.pipe(decoder);
  return decoder as Body;
}
