import { z } from 'zod';
import type { BodyReader } from '../exchange/body-reader.js';
import type { Failure } from '../failure.js';
import { ArraySplitter } from './array-splitter.js';
import { shapeFailure, tooLargeFailure, unreadableFailure } from './body-shape.js';
import { envelopeFailure, readEnvelope } from './envelope.js';
import { readLabels } from './read-labels.js';

/** The labels of series. */
export interface LabelSets {
  readonly kind: 'labels';
  readonly series: readonly Readonly<Record<string, string>>[];
  /** There are more, which were not read. */
  readonly isTruncated: boolean;
}

/** How much is read. */
export interface LabelSetLimits {
  /** So many series. */
  readonly limit: number;
  readonly maxResponseBytes: number;
}

const emptied = z.array(z.literal(0));

/** Reads the series that a server lists, as far as the limit; the rest is not waited for. */
export class LabelSetReader implements BodyReader<LabelSets | Failure> {
  readonly #limits: LabelSetLimits;
  readonly #secrets: readonly string[];
  readonly #splitter = new ArraySplitter(['data']);
  readonly #series: Readonly<Record<string, string>>[] = [];
  #bytes = 0;
  #result: LabelSets | Failure | undefined;

  constructor(limits: LabelSetLimits, secrets: readonly string[]) {
    this.#limits = limits;
    this.#secrets = secrets;
  }

  push(chunk: Buffer): LabelSets | Failure | undefined {
    if (this.#bytes === 0) this.#result = shapeFailure(chunk);
    this.#bytes += chunk.length;
    const { maxResponseBytes } = this.#limits;
    if (this.#bytes > maxResponseBytes) this.#result ??= tooLargeFailure(maxResponseBytes, 'maxResponse');
    if (this.#result === undefined) this.#splitter.push(chunk, this.#take);
    return this.#result;
  }

  end(): LabelSets | Failure {
    const rest = this.#splitter.rest();
    if (rest === undefined || this.#splitter.isOpen) return unreadableFailure(true);
    const read = readEnvelope(rest);
    if (read === undefined) return unreadableFailure(false);
    const failure = envelopeFailure(read, this.#secrets);
    if (failure !== undefined) return failure;
    return emptied.safeParse(read.data ?? []).success ? this.#answer(false) : unreadableFailure(false);
  }

  #answer(isTruncated: boolean): LabelSets {
    return { kind: 'labels', series: this.#series, isTruncated };
  }

  readonly #take = (element: Buffer): void => {
    if (this.#result !== undefined) return;
    const labels = parseLabels(element);
    if (labels === undefined) this.#result = unreadableFailure(false);
    else if (this.#series.length >= this.#limits.limit) this.#result = this.#answer(true);
    else this.#series.push(labels);
  };
}

function parseLabels(element: Buffer): Readonly<Record<string, string>> | undefined {
  try {
    return readLabels(JSON.parse(element.toString('utf8')));
  } catch {
    return undefined;
  }
}
