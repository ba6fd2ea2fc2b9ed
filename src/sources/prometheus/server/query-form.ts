import type { Query } from './query.js';

/** Seconds since the epoch, to the millisecond. */
export function secondsText(timeMs: number): string {
  return (timeMs / 1000).toFixed(3);
}

/** Where in the API a query is asked. */
export function queryPath(query: Query): string {
  return query.kind === 'range' ? '/api/v1/query_range' : '/api/v1/query';
}

/** The form of a query, with what makes every kind of server answer in full or say that it does not. */
export function queryForm(query: Query, timeoutMs: number): URLSearchParams {
  const times =
    query.kind === 'range'
      ? {
          start: secondsText(query.startMs),
          end: secondsText(query.endMs),
          step: secondsText(query.stepMs),
        }
      : { time: secondsText(query.atMs) };
  return new URLSearchParams({ query: query.expression, ...times, ...wholeAnswers(timeoutMs) });
}

/** Servers that know none of these let them be. */
export function wholeAnswers(timeoutMs: number): Readonly<Record<string, string>> {
  return {
    // None at all would mean the server's own, which is longer.
    timeout: secondsText(Math.max(1, timeoutMs)),
    // VictoriaMetrics: otherwise it moves the times and hides the last 30 s.
    nocache: '1',
    // Thanos.
    partial_response: 'false',
    // A VictoriaMetrics cluster.
    deny_partial_response: '1',
  };
}
