import type { VerdictError } from '../domain/errors.js';
import type { Refusal } from './refusals.js';

/** What the sender is answered, in exactly this shape. */
export interface IngestAnswer {
  /** Lines that were counted. */
  readonly accepted: number;
  /** Lines that were not, in order. */
  readonly refused: readonly Refusal[];
  /** The same request was answered before; nothing was counted now. */
  readonly duplicate: boolean;
}

/** What the service wants to know of a request besides its answer. All zero for a duplicate. */
export interface IngestTally {
  readonly accepted: number;
  /** All refused lines, also those that the answer does not name. */
  readonly refused: number;
  /** Accepted lines whose look had been closed before they arrived. */
  readonly late: number;
  /** Outcomes with an id whose prediction has not been seen so far. */
  readonly unmatched: number;
}

/** What became of a body. `failed`: nothing of it was counted; the error's code says whose fault it is. */
export type IngestResult =
  | { readonly kind: 'answered'; readonly answer: IngestAnswer; readonly tally: IngestTally }
  | { readonly kind: 'failed'; readonly error: VerdictError };
