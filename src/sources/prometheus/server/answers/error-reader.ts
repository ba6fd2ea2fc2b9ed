import type { AnswerHead, BodyReader } from '../exchange/body-reader.js';
import type { Failure } from '../failure.js';
import { readEnvelope } from './envelope.js';
import { statusFailure, type StatusContext } from './status-failure.js';

/** An error of the query API is a line or two. */
const longestBytes = 64 * 1024;

/** Reads the answer of a server that refuses or fails. */
export class ErrorReader implements BodyReader<Failure> {
  readonly #head: AnswerHead;
  readonly #context: StatusContext;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(head: AnswerHead, context: StatusContext) {
    this.#head = head;
    this.#context = context;
  }

  push(chunk: Buffer): Failure | undefined {
    this.#bytes += chunk.length;
    if (this.#bytes > longestBytes) return statusFailure(this.#head, undefined, this.#context);
    this.#chunks.push(chunk);
    return undefined;
  }

  end(): Failure {
    const said = readEnvelope(Buffer.concat(this.#chunks).toString('utf8'));
    return statusFailure(this.#head, said?.status === 'error' ? said : undefined, this.#context);
  }
}
