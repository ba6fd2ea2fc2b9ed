import { z } from 'zod';
import type { BodyReader } from '../exchange/body-reader.js';
import { illness, refusal, type Failure } from '../failure.js';
import type { QuerySeries } from '../query.js';
import type { ServerSettings } from '../server-settings.js';
import { ArraySplitter } from './array-splitter.js';
import { shapeFailure, tooLargeFailure, unreadableFailure } from './body-shape.js';
import { envelopeFailure, readEnvelope } from './envelope.js';
import { readSeries } from './read-series.js';

/** The series of a query's answer. */
export interface SeriesResult {
  readonly kind: 'series';
  readonly series: readonly QuerySeries[];
}

type Limits = Pick<ServerSettings, 'maxSeries' | 'maxResponseBytes'>;

const resultTypes = ['matrix', 'vector'];

/** Every series has been taken out and left a 0. */
const emptiedData = z.looseObject({ resultType: z.string(), result: z.array(z.unknown()) });

/** Reads the answer to a query series by series, as it comes. */
export class QueryReader implements BodyReader<SeriesResult | Failure> {
  readonly #limits: Limits;
  readonly #secrets: readonly string[];
  readonly #splitter = new ArraySplitter(['data', 'result']);
  readonly #series: QuerySeries[] = [];
  #found = 0;
  #bytes = 0;
  #failure: Failure | undefined;

  constructor(limits: Limits, secrets: readonly string[]) {
    this.#limits = limits;
    this.#secrets = secrets;
  }

  push(chunk: Buffer): Failure | undefined {
    if (this.#bytes === 0) this.#failure = shapeFailure(chunk);
    this.#bytes += chunk.length;
    const { maxResponseBytes } = this.#limits;
    if (this.#bytes > maxResponseBytes) this.#failure ??= tooLargeFailure(maxResponseBytes, 'maxResponse');
    if (this.#failure === undefined) this.#splitter.push(chunk, this.#take);
    return this.#failure;
  }

  end(): SeriesResult | Failure {
    const rest = this.#splitter.rest();
    if (rest === undefined || this.#splitter.isOpen) return unreadableFailure(true);
    const read = readEnvelope(rest);
    if (read === undefined) return unreadableFailure(false);
    const failure = envelopeFailure(read, this.#secrets);
    if (failure !== undefined) return failure;
    const data = emptiedData.safeParse(read.data);
    if (!data.success) return unreadableFailure(false);
    const { resultType, result } = data.data;
    if (!resultTypes.includes(resultType)) {
      return refusal(
        'rejected',
        'answers a single value (scalar or string) where series are needed: the expression has to select series',
      );
    }
    const isEmptied = result.length === this.#found && result.every((one) => one === 0);
    return isEmptied ? { kind: 'series', series: this.#series } : unreadableFailure(false);
  }

  readonly #take = (element: Buffer): void => {
    if (this.#failure !== undefined) return;
    this.#found += 1;
    const { maxSeries } = this.#limits;
    if (this.#found > maxSeries) {
      this.#failure = refusal(
        'too-large',
        `answers more than ${maxSeries} series (maxSeries): select fewer with where, or raise it`,
      );
      return;
    }
    const read = readSeries(element);
    if (read === undefined) {
      this.#failure = illness(
        'failed',
        'answers a series that cannot be read: its samples are out of order or no numbers',
      );
    } else {
      this.#series.push(...read);
    }
  };
}
