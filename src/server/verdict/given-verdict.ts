import type { VerdictDocument } from '../../domain/verdict.js';

/** A verdict as it is answered: the document, and the bytes of its JSON, made once for all who ask. */
export class GivenVerdict {
  readonly document: VerdictDocument;
  #json: Buffer | undefined;

  constructor(document: VerdictDocument) {
    this.document = document;
  }

  get json(): Buffer {
    this.#json ??= Buffer.from(JSON.stringify(this.document));
    return this.#json;
  }
}
