import type { Preset } from './preset.js';
import { counter, like, noOutcomes, noPredictions, ofNamespace, podsOfTemplateHash } from './parts.js';

const notes: readonly string[] = [
  'Health checks and the scrapes themselves count as requests where the application counts them: leave them out with `where`, such as `handler: { notMatches: "/healthz|/metrics" }`.',
  'Whatever answers 500 or more is an error, every other answer is none.',
];

/** An application that counts its HTTP requests under the usual names, with the status in `status`. */
export const http: Preset = {
  name: 'http',
  title: 'Applications with the usual HTTP metrics, label `status`',
  summary:
    'Counts `http_requests_total` by its label `status` (`500` or `5xx`) and takes times from `http_request_duration_seconds`.',
  readFrom: 'prometheus-fastapi-instrumentator 7 and the naming of Prometheus client libraries',
  where: [ofNamespace],
  signals: {
    requests: { plus: counter('http_requests_total') },
    errors: { plus: counter('http_requests_total', like('status', '5..')) },
    latency: {
      kind: 'buckets',
      metric: 'http_request_duration_seconds',
      form: 'classic',
      unit: 's',
      where: [],
    },
    predictions: {},
    outcomes: {},
  },
  version: podsOfTemplateHash,
  gaps: { predictions: noPredictions, outcomes: noOutcomes },
  notes: [
    ...notes,
    'The FastAPI instrumentator has buckets at 100 ms, 500 ms and 1 s only: set `latency: http_request_duration_highr_seconds`, which has 21 (none at 200 ms).',
  ],
};

/** The same with the status in `code`, as Go's promhttp has it. */
export const httpCode: Preset = {
  ...http,
  name: 'http-code',
  title: 'Applications with the usual HTTP metrics, label `code`',
  summary:
    'Counts `http_requests_total` by its label `code` and takes times from `http_request_duration_seconds`.',
  readFrom: 'promhttp of the Go client library, whose label names are fixed; the metric names are customary',
  signals: {
    ...http.signals,
    errors: { plus: counter('http_requests_total', like('code', '5..')) },
  },
  notes,
};

/** The same where the histogram alone has the status, in `status_code`. */
export const httpStatusCode: Preset = {
  ...http,
  name: 'http-status-code',
  title: 'Applications with one HTTP histogram, label `status_code`',
  summary:
    'Takes everything from `http_request_duration_seconds`: requests are its `_count`, errors those with a `status_code` of 500 or more.',
  readFrom: 'express-prom-bundle for Node.js, documented names',
  signals: {
    ...http.signals,
    requests: { plus: counter('http_request_duration_seconds_count') },
    errors: { plus: counter('http_request_duration_seconds_count', like('status_code', '5..')) },
  },
  notes,
};
