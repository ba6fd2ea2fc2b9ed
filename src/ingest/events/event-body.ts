import { gunzipSync } from 'node:zlib';
import { readBinaryTensors } from './binary-tensors.js';

/** What the body of an event holds. */
export type EventBody =
  | { readonly kind: 'json'; readonly value: unknown }
  /** As of a health check. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'unreadable' };

const unreadable: EventBody = { kind: 'unreadable' };

/**
 * Reads a body: JSON, also with binary tensors behind it, also compressed with gzip, which KServe passes on without
 * saying so. The Content-Type is not looked at: that of a response is the one of its request.
 */
export function readEventBody(bytes: Uint8Array, maxBytes: number): EventBody {
  if (bytes.length === 0) return { kind: 'empty' };
  const plain = decompressed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), maxBytes);
  if (plain === undefined) return unreadable;
  try {
    return { kind: 'json', value: JSON.parse(plain.toString('utf8')) as unknown };
  } catch {
    const value = readBinaryTensors(plain);
    return value === undefined ? unreadable : { kind: 'json', value };
  }
}

function decompressed(bytes: Buffer, maxBytes: number): Buffer | undefined {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch {
    return undefined;
  }
}
