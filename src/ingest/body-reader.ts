import { VerdictError } from '../domain/errors.js';
import { ArraySplitter } from './array-splitter.js';
import type { BodyItem } from './body-item.js';
import { openBody } from './body-opening.js';
import type { IngestLimits } from './ingest-limits.js';
import { tooLargeBody } from './line-limits.js';
import { LineSplitter } from './line-splitter.js';

/**
 * A request body as it comes in, in pieces of any size. A body that is refused is not read to its end: pass
 * `request.iterator({ destroyOnReturn: false })` where the connection is still needed for the answer.
 */
export type BodyStream = AsyncIterable<Uint8Array | string>;

/**
 * Reads a body of JSON lines, or of one JSON array where its first character is `[`. Lines, and the elements of an
 * array, are handed on as they come in, a few at a time, and are not kept.
 *
 * Throws a VerdictError for what concerns the whole body: `too-large`, or `invalid-input` for an array that is no
 * JSON. That may be long after its first elements were handed on.
 * @param onBytes sees every piece of the body before it is read
 */
export async function* readBody(
  stream: BodyStream,
  limits: IngestLimits,
  onBytes?: (piece: Uint8Array) => void,
): AsyncGenerator<readonly BodyItem[]> {
  const opened = await openBody(pieces(stream, limits, onBytes), limits.maxLineBytes);
  if (opened.kind === 'array') {
    const splitter = new ArraySplitter(limits);
    for await (const piece of opened.pieces) yield splitter.push(piece);
    splitter.end();
    return;
  }
  const splitter = new LineSplitter(limits);
  for await (const piece of opened.pieces) yield splitter.push(piece);
  yield splitter.end();
}

async function* pieces(
  stream: BodyStream,
  limits: IngestLimits,
  onBytes: ((piece: Uint8Array) => void) | undefined,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of whole(stream)) {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk) : asBuffer(chunk);
    bytes += piece.length;
    if (bytes > limits.maxBodyBytes) throw tooLargeBody(limits.maxBodyBytes);
    onBytes?.(piece);
    yield piece;
  }
}

/** The stream; where it breaks off, or cannot be decoded, an error that says so. */
async function* whole(stream: BodyStream): AsyncGenerator<Uint8Array | string> {
  try {
    yield* stream;
  } catch (error) {
    // Who decodes it may have refused it already.
    if (error instanceof VerdictError) throw error;
    const message = isUndecodable(error)
      ? 'the body is not what its Content-Encoding says; nothing of it was counted'
      : 'the body ended before it was complete; nothing of it was counted';
    throw new VerdictError('invalid-input', message, [], { cause: error });
  }
}

/** Whether a decoder met bytes that are none of its format; that they ended too early has a code of its own. */
function isUndecodable(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code !== 'Z_BUF_ERROR' && /^(?:Z_|ERR__ERROR_FORMAT)/.test(code);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
