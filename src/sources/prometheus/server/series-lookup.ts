import { secondsText, wholeAnswers } from './query-form.js';

/** Which series are asked for. */
export interface SeriesLookup {
  /** Series that match any of them. */
  readonly selectors: readonly string[];
  /** Series with a sample between these times, milliseconds since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  /** At most so many. */
  readonly limit: number;
}

/** The fields of such a question. One more than the limit is asked for: that is how it shows whether there are more. */
export function seriesForm(lookup: SeriesLookup, timeoutMs: number): URLSearchParams {
  return new URLSearchParams([
    ...lookup.selectors.map((selector): [string, string] => ['match[]', selector]),
    ['start', secondsText(lookup.startMs)],
    ['end', secondsText(lookup.endMs)],
    ['limit', String(lookup.limit + 1)],
    ...Object.entries(wholeAnswers(timeoutMs)),
  ]);
}
