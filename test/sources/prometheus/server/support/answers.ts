/** Answers of the query API, as servers write them. */

/** An answer of series. */
export function matrix(result: readonly unknown[], more: Readonly<Record<string, unknown>> = {}) {
  return { status: 'success', data: { resultType: 'matrix', result }, ...more };
}

/** A counter of 3 samples. */
export const oneSeries = {
  metric: { __name__: 'requests_total', app: 'fraud' },
  values: [
    [1_760_000_000, '1'],
    [1_760_000_060, '5'],
    [1_760_000_120, '9'],
  ],
};

export const healthy = matrix([oneSeries]);

/** An error of the query API. */
export function apiError(errorType: string, error: string) {
  return { status: 'error', errorType, error };
}
