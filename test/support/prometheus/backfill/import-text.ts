import { call } from '../../service/call.js';
import type { MetricServer } from '../metric-server.js';
import type { WrittenSeries } from '../simulation/sample-book.js';
import { sampleText } from './sample-text.js';

/** Gives VictoriaMetrics series as text, and resolves once they can be read. */
export async function importText(server: MetricServer, series: readonly WrittenSeries[]): Promise<void> {
  const { status, text } = await call(`${server.url}/api/v1/import/prometheus`, {
    body: sampleText(series, 'prometheus'),
  });
  if (status >= 300) throw new Error(`${server.kind} refused samples: ${status} ${text.slice(0, 500)}`);
  await call(`${server.url}/internal/force_flush`);
}
