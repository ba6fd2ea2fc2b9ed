import type { Preset } from './preset.js';
import { equal } from './parts.js';
import { queueProxyGaps, queueProxySignals } from './queue-proxy.js';

const names = {
  requests: 'revision_app_request_count',
  status: 'response_code',
  wholeProxy: 'revision_request_count',
};

/** The queue-proxy up to Knative 1.18: milliseconds, and labels of its own for everything. */
export const knativeOld: Preset = {
  name: 'knative-1.18',
  title: 'Knative up to 1.18 (KServe in Knative mode, any runtime)',
  summary:
    'What the queue-proxy saw of the container: requests by HTTP status and their times in milliseconds.',
  readFrom: 'Knative Serving 1.18.2, source of the queue-proxy',
  where: [equal('namespace_name', '{{namespace}}')],
  signals: {
    ...queueProxySignals(names),
    latency: {
      kind: 'buckets',
      metric: 'revision_app_request_latencies',
      form: 'classic',
      unit: 'ms',
      where: [],
    },
  },
  version: { label: 'revision_name', pattern: '{{version}}' },
  latencyBoundsMs: [
    5, 10, 20, 40, 60, 80, 100, 150, 200, 250, 300, 350, 400, 450, 500, 600, 700, 800, 900, 1000, 2000, 5000,
    10_000, 20_000, 50_000, 100_000,
  ],
  gaps: queueProxyGaps(names),
  notes: [
    'Scrape port 9091 (`http-usermetric`) of the pods; namespace and revision are labels of the series.',
  ],
};
