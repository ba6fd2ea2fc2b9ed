import { setImmediate as nextTurn } from 'node:timers/promises';
import { VerdictError } from '../domain/errors.js';
import type { BodyItem } from './body-item.js';
import { openBody } from './body-opening.js';
import type { IngestLimits } from './ingest-limits.js';
import { LineSplitter, tooManyLines } from './line-splitter.js';

/**
 * A request body as it comes in, in pieces of any size. A body that is refused is not read to its end: pass
 * `request.iterator({ destroyOnReturn: false })` where the connection is still needed for the answer.
 */
export type BodyStream = AsyncIterable<Uint8Array | string>;

/** Who is told of a body while it is read. */
export interface BodyWatch {
  /** Sees every piece of the body before it is read. */
  readonly onBytes?: (piece: Uint8Array) => void;
  /** Is told how many bytes of memory the reading itself holds, before it holds them; throws to end it. */
  readonly onHeld?: (bytes: number) => void;
}

/** What the values of an array take beside its text: small objects of a few fields, in multiples of the text. */
const parsedBytesPerByte = 6;

/** Elements of an array that are handed on at once. */
const itemsPerBatch = 1000;

/**
 * Reads a body of JSON lines, or of one JSON array where its first character is `[`. Lines are handed on as they
 * come in, a few at a time, and are not kept; an array is held until it is complete.
 *
 * Throws a VerdictError for what concerns the whole body: `too-large`, or `invalid-input` for an array that is no
 * JSON.
 */
export async function* readBody(
  stream: BodyStream,
  limits: IngestLimits,
  { onBytes, onHeld }: BodyWatch = {},
): AsyncGenerator<readonly BodyItem[]> {
  const opened = await openBody(pieces(stream, limits, onBytes), limits.maxLineBytes);
  if (opened.kind === 'array') {
    yield* readArray(opened.pieces, limits, onHeld);
    return;
  }
  const splitter = new LineSplitter(limits);
  for await (const piece of opened.pieces) yield splitter.push(piece);
  yield splitter.end();
}

async function* pieces(
  stream: BodyStream,
  limits: IngestLimits,
  onBytes: BodyWatch['onBytes'],
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of whole(stream)) {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk) : asBuffer(chunk);
    bytes += piece.length;
    if (bytes > limits.maxBodyBytes) {
      throw new VerdictError(
        'too-large',
        `expected a body of at most ${limits.maxBodyBytes} bytes; send it in several requests`,
      );
    }
    onBytes?.(piece);
    yield piece;
  }
}

/** The stream; where it breaks off, or cannot be decoded, an error that says so. */
async function* whole(stream: BodyStream): AsyncGenerator<Uint8Array | string> {
  try {
    yield* stream;
  } catch (error) {
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

async function* readArray(
  pieces: AsyncIterable<Buffer>,
  limits: IngestLimits,
  onHeld: BodyWatch['onHeld'],
): AsyncGenerator<readonly BodyItem[]> {
  const held: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > limits.maxArrayBytes) {
      throw new VerdictError(
        'too-large',
        `expected a JSON array of at most ${limits.maxArrayBytes} bytes; send larger bodies as JSON lines (one object a line)`,
      );
    }
    onHeld?.(bytes * parsedBytesPerByte);
    held.push(piece);
  }
  const values = parseArray(Buffer.concat(held));
  if (values.length > limits.maxLines) throw tooManyLines(limits.maxLines);
  for (let start = 0; start < values.length; start += itemsPerBatch) {
    if (start > 0) await nextTurn();
    const batch = values.slice(start, start + itemsPerBatch);
    yield batch.map((value, index) => ({ line: start + index + 1, value }));
  }
}

/** The message of the parser is left out on purpose: it quotes the body. */
function parseArray(bytes: Buffer): readonly unknown[] {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return JSON.parse(text) as readonly unknown[];
  } catch {
    throw new VerdictError(
      'invalid-input',
      'the body begins with "[", but it is not one JSON array in UTF-8; nothing of it was counted',
    );
  }
}
