import assert from 'node:assert/strict';
import {
  createPrometheusServer,
  type BreakerState,
  type PrometheusServer,
  type QueryAnswer,
  type QueryOutcome,
  type RangeQuery,
  type ServerSettings,
} from '../../../../../src/sources/prometheus/server/index.js';
import type { ServerTimes } from '../../../../../src/sources/prometheus/server/server-times.js';

/** Every secret of these tests has this in it, so that none can hide in a message. */
export const secretMark = 's3cr3t';

export const someQuery: RangeQuery = {
  kind: 'range',
  expression: 'last_over_time(requests_total[60s])',
  startMs: 1_760_000_000_000,
  endMs: 1_760_000_120_500,
  stepMs: 60_000,
};

const settings: Omit<ServerSettings, 'url'> = {
  name: 'main',
  timeoutMs: 5000,
  scrapeIntervalMs: 30_000,
  concurrency: 10,
  maxSeries: 20_000,
  maxResponseBytes: 64 * 1024 * 1024,
  headers: {},
  access: { kind: 'none' },
  tls: {},
};

/** A client, and what it told its observer. */
export interface ObservedClient {
  readonly server: PrometheusServer;
  readonly outcomes: QueryOutcome[];
  readonly queries: { readonly elapsedMs: number; readonly bytes: number }[];
  readonly breaker: BreakerState[];
  readonly ask: (signal?: AbortSignal) => Promise<QueryAnswer>;
}

/** A client of a server under test. */
export function clientOf(
  url: string,
  changed: Partial<ServerSettings> = {},
  times: Partial<ServerTimes> = {},
): ObservedClient {
  const outcomes: QueryOutcome[] = [];
  const queries: { readonly elapsedMs: number; readonly bytes: number }[] = [];
  const breaker: BreakerState[] = [];
  const server = createPrometheusServer(
    { ...settings, url, ...changed },
    {
      times: { retryMs: 1, ...times },
      observer: {
        onQuery: ({ server: name, outcome, elapsedMs, bytes }) => {
          assert.equal(name, 'main');
          outcomes.push(outcome);
          queries.push({ elapsedMs, bytes });
        },
        onBreaker: (_, state) => {
          breaker.push(state);
        },
      },
    },
  );
  return {
    server,
    outcomes,
    queries,
    breaker,
    ask: (signal = new AbortController().signal) => server.query(someQuery, signal),
  };
}

/** The reason of an answer that has to be none; it begins with the name of the server and holds no secret. */
export function reasonOf(answer: { readonly kind: string }, kind = 'unavailable'): string {
  assert.equal(answer.kind, kind, JSON.stringify(answer));
  assert.ok('reason' in answer && typeof answer.reason === 'string');
  assert.match(answer.reason, /^the server prometheus "main" [a-z]/);
  for (const secret of [secretMark, Buffer.from(`u:${secretMark}`).toString('base64').slice(0, 8)]) {
    assert.ok(!answer.reason.includes(secret), answer.reason);
  }
  assert.ok(answer.reason.length < 500, answer.reason);
  return answer.reason;
}

/** The series of an answer that has to have some. */
export function seriesOf(answer: QueryAnswer) {
  if (answer.kind !== 'series') assert.fail(`no series: ${answer.reason}`);
  return answer.series;
}
