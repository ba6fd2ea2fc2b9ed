import type { Request } from 'express';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { tooLargeBody } from '../../ingest/index.js';
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
 * connection open, so that an answer can still be sent. Of an encoded body that is larger than `maxBytes` as it is sent,
 * which may be of nothing when it is decoded, reading throws a VerdictError `too-large`.
 * @throws UnsupportedEncodingError where the encoding is not known
 */
export function decodedBody(request: Request, maxBytes: number): Body {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return request.iterator({ destroyOnReturn: false }) as Body;
  const makeDecoder = decoders[encoding];
  if (makeDecoder === undefined) throw new UnsupportedEncodingError();
  const decoder = makeDecoder();
  request.once('error', (error) => decoder.destroy(error));
  // A client that goes away is no end of its body.
  request.once('aborted', () => decoder.destroy(new Error('the client went away')));
  let sentBytes = 0;
  request.on('data', (piece: Buffer) => {
    sentBytes += piece.length;
    if (sentBytes <= maxBytes) return;
    request.unpipe(decoder);
    decoder.destroy(tooLargeBody(maxBytes));
  });
  request.pipe(decoder);
  return decoder as Body;
}
