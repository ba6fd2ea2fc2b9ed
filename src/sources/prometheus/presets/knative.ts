import type { Preset } from './preset.js';
import { ofNamespace, usualBoundsMs } from './parts.js';
import { openTelemetryNotes, queueProxyGaps, queueProxySignals } from './queue-proxy.js';

const names = {
  requests: 'kn_serving_invocation_duration_seconds_count',
  status: 'http_response_status_code',
  wholeProxy: 'http_server_request_duration_seconds_count',
};

/** The queue-proxy in front of every container of Knative, from Knative 1.21 on: seconds, and no request counter. */
export const knative: Preset = {
  name: 'knative',
  title: 'Knative from 1.21, 1.20.2 and 1.19.9 on (KServe in Knative mode, any runtime)',
  summary: 'What the queue-proxy saw of the container: requests by HTTP status and their times.',
  readFrom: 'Knative Serving 1.19 to 1.23, source of the queue-proxy',
  where: [ofNamespace],
  signals: {
    ...queueProxySignals(names),
    latency: {
      kind: 'buckets',
      metric: 'kn_serving_invocation_duration_seconds',
      form: 'classic',
      unit: 's',
      where: [],
    },
  },
  version: { label: 'revision', pattern: '{{version}}' },
  latencyBoundsMs: usualBoundsMs,
  gaps: queueProxyGaps(names),
  notes: [
    ...openTelemetryNotes,
    'Knative 1.19.8 and 1.20.1 have the same names but cut times down to whole seconds, so that what took less than a second counts as 0 s: update, or set `latency: http_server_request_duration_seconds`.',
    'The last bucket ends at 10 s.',
  ],
};
