import type { Preset } from './preset.js';
import { ofNamespace } from './parts.js';
import { openTelemetryNotes, queueProxyGaps, queueProxySignals } from './queue-proxy.js';

const names = {
  requests: 'kn_queueproxy_app_duration_seconds_count',
  status: 'http_response_status_code',
  wholeProxy: 'http_server_request_duration_seconds_count',
};

/** The queue-proxy of the first releases with OpenTelemetry, which had another name and times without fractions. */
export const knativeEarly: Preset = {
  name: 'knative-1.19',
  title: 'Knative 1.19.0 to 1.19.7 and 1.20.0',
  summary: 'What the queue-proxy saw of the container: requests by HTTP status, under their first name.',
  readFrom: 'Knative Serving 1.19 and 1.20, source of the queue-proxy',
  where: [ofNamespace],
  signals: queueProxySignals(names),
  version: { label: 'revision', pattern: '{{version}}' },
  gaps: {
    ...queueProxyGaps(names),
    latency: {
      reason:
        'these releases cut times down to whole seconds, so that what took less than a second counts as 0 s',
      advice: 'update Knative, or set `latency: http_server_request_duration_seconds`',
    },
  },
  notes: openTelemetryNotes,
};
