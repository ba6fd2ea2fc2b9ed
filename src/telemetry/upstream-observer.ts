import type { ServerObserver } from '../sources/prometheus/server/server-observer.js';
import type { Metrics } from './metrics.js';

/** Counts what servers with the Prometheus query API are asked and what comes of it. */
export function upstreamObserver({
  upstreamQueries,
  upstreamSeconds,
  upstreamBreakerOpen,
}: Pick<Metrics, 'upstreamQueries' | 'upstreamSeconds' | 'upstreamBreakerOpen'>): ServerObserver {
  const known = new Set<string>();
  return {
    onQuery({ server, outcome, elapsedMs }) {
      upstreamQueries.inc({ server, result: outcome });
      // What was not sent took no time of the server.
      if (elapsedMs > 0) upstreamSeconds.observe({ server }, elapsedMs / 1000);
      if (known.has(server)) return;
      known.add(server);
      // The breaker is as new as the config; the one before may have left it open.
      upstreamBreakerOpen.set({ server }, 0);
    },
    onBreaker(server, state) {
      known.add(server);
      upstreamBreakerOpen.set({ server }, state === 'closed' ? 0 : 1);
    },
  };
}
