import assert from 'node:assert/strict';
import { createMetrics, upstreamObserver } from '../../src/telemetry/index.js';

describe('upstreamObserver', () => {
  async function linesOf(
    observe: (observer: ReturnType<typeof upstreamObserver>) => void,
  ): Promise<readonly string[]> {
    const metrics = createMetrics({ processMetrics: false });
    observe(upstreamObserver(metrics));
    const text = await metrics.registry.metrics();
    return text
      .split('\n')
      .filter((line) => line.startsWith('ml_verdict_upstream_') && !line.includes('_bucket{'));
  }

  it('counts queries by what came of them, and times those that were sent', async () => {
    const lines = await linesOf((observer) => {
      observer.onQuery?.({ server: 'main', outcome: 'answered', elapsedMs: 20, bytes: 5 });
      observer.onQuery?.({ server: 'main', outcome: 'answered', elapsedMs: 30, bytes: 5 });
      observer.onQuery?.({ server: 'main', outcome: 'broken', elapsedMs: 0, bytes: 0 });
    });
    assert.deepEqual(lines, [
      'ml_verdict_upstream_queries_total{server="main",result="answered"} 2',
      'ml_verdict_upstream_queries_total{server="main",result="broken"} 1',
      'ml_verdict_upstream_query_seconds_sum{server="main"} 0.05',
      'ml_verdict_upstream_query_seconds_count{server="main"} 2',
      'ml_verdict_upstream_breaker_open{server="main"} 0',
    ]);
  });

  it('says whether the breaker is open, until a query shows that the server is back', async () => {
    for (const [state, expected] of [
      ['open', 1],
      ['half-open', 1],
      ['closed', 0],
    ] as const) {
      const lines = await linesOf((observer) => {
        observer.onBreaker?.('main', 'open');
        observer.onBreaker?.('main', state);
        observer.onQuery?.({ server: 'main', outcome: 'failed', elapsedMs: 1, bytes: 0 });
      });
      assert.equal(lines.at(-1), `ml_verdict_upstream_breaker_open{server="main"} ${expected}`);
    }
  });
});
