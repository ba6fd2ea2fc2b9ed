/** How the config reads what a {@link CountingPod} shows. */
export interface FleetOutcomes {
  /** Absent: yes or no. */
  readonly hasSquares?: boolean;
}

/** The entry of a model in the config; the series of a namespace are those of its model. */
export function fleetSignals(
  outcomes: Readonly<Record<string, FleetOutcomes>> = {},
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(outcomes).map(([outcome, { hasSquares = false }]) => {
    const where = { outcome };
    return [
      outcome,
      {
        count: { metric: 'model_outcomes_total', where },
        sum: { metric: 'model_outcome_sum_total', where },
        ...(hasSquares ? { sumOfSquares: { metric: 'model_outcome_squares_total', where } } : {}),
        immediate: true,
      },
    ] as const;
  });
  return {
    where: { namespace: '{{namespace}}' },
    version: 'version',
    requests: 'http_requests_total',
    errors: { metric: 'http_requests_total', where: { code: { matches: '5..' } } },
    latency: 'http_request_duration_seconds',
    predictions: { histogram: 'model_score' },
    outcomes: Object.fromEntries(entries),
  };
}
