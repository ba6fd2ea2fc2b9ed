/** The one place where the suites open the source that they test. */
import { success } from '../../../src/domain/result.js';
import type { ObservationSource } from '../../../src/sources/observation-source.js';
import { PrometheusServers, PrometheusSource } from '../../../src/sources/prometheus/index.js';
import type { ModelQueries } from '../../../src/sources/prometheus/signals/signal.js';
import { minuteMs } from '../../support/simulation/minute-span.js';

export interface SourceSettings {
  readonly settleMs: number;
  readonly lookbackMs: number;
}

export interface OpenSource {
  readonly source: ObservationSource;
  close(): void;
}

/** A source that reads one model, however it is called, from a server; it has asked nothing yet. */
export function openSource(
  serverUrl: string,
  queries: ModelQueries,
  { settleMs, lookbackMs }: SourceSettings,
): OpenSource {
  const servers = new PrometheusServers([
    {
      name: queries.server,
      url: serverUrl,
      timeoutMs: 10_000,
      scrapeIntervalMs: queries.scrapeIntervalMs,
      concurrency: 10,
      maxSeries: 20_000,
      maxResponseBytes: 64 * 1024 * 1024,
      headers: {},
      access: { kind: 'none' },
      tls: {},
    },
  ]);
  const source = new PrometheusSource({
    rules: {
      settleMs,
      lookbackMs,
      restartGapMs: 10 * minuteMs,
      denominator: () => 'outcomes',
      routing: () => 'random',
    },
    queriesOf: () => success(queries),
    server: (name) => servers.get(name),
    rollbacks: () => Promise.resolve([]),
    changeMarker: () => Promise.resolve(''),
    fetchTimeoutMs: 30_000,
  });
  return {
    source,
    close: () => {
      servers.close();
    },
  };
}
