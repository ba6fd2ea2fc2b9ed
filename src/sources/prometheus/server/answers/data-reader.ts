import type { BodyReader } from '../exchange/body-reader.js';
import type { Failure } from '../failure.js';
import { shapeFailure, tooLargeFailure, unreadableFailure } from './body-shape.js';
import { envelopeFailure, readEnvelope, type Envelope } from './envelope.js';

/** Reads a small answer of the query API as a whole. */
export class DataReader<T> implements BodyReader<T | Failure> {
  readonly #maxBytes: number;
  readonly #secrets: readonly string[];
  readonly #read: (envelope: Envelope) => T | Failure | undefined;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  /** @param read makes the answer of an envelope that is complete; undefined where it is none of the query API */
  constructor(
    maxBytes: number,
    secrets: readonly string[],
    read: (envelope: Envelope) => T | Failure | undefined,
  ) {
    this.#maxBytes = maxBytes;
    this.#secrets = secrets;
    this.#read = read;
  }

  push(chunk: Buffer): Failure | undefined {
    const shape = this.#bytes === 0 ? shapeFailure(chunk) : undefined;
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
    if (shape !== undefined) return shape;
    return this.#bytes > this.#maxBytes ? tooLargeFailure(this.#maxBytes, 'maxResponse') : undefined;
  }

  end(): T | Failure {
    const text = Buffer.concat(this.#chunks).toString('utf8');
    const envelope = readEnvelope(text);
    if (envelope === undefined) return unreadableFailure(!text.trimEnd().endsWith('}'));
    return envelopeFailure(envelope, this.#secrets) ?? this.#read(envelope) ?? unreadableFailure(false);
  }
}
