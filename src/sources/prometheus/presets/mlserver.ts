import type { Preset } from './preset.js';
import {
  counter,
  equal,
  like,
  noOutcomes,
  noStartTime,
  ofNamespace,
  podsOfTemplateHash,
  usualBoundsMs,
} from './parts.js';

const ofModel = equal('model', '{{model}}');
const failures = counter('model_infer_request_failure_total', ofModel);

/** MLServer, which KServe and Seldon run for scikit-learn, XGBoost, LightGBM, MLflow and its own runtimes. */
export const mlserver: Preset = {
  name: 'mlserver',
  title: 'MLServer',
  summary:
    'Requests are successes and failures of the model, errors its failures; times are those of the REST interface.',
  readFrom: 'MLServer 1.7.1, run with good and bad requests',
  where: [ofNamespace],
  signals: {
    requests: {
      plus: {
        metrics: ['model_infer_request_success_total', 'model_infer_request_failure_total'],
        where: [ofModel],
      },
    },
    errors: { plus: failures },
    latency: {
      kind: 'buckets',
      metric: 'rest_server_request_duration_seconds',
      form: 'classic',
      unit: 's',
      where: [like('path', '.*/infer')],
    },
    predictions: {},
    outcomes: {},
  },
  version: podsOfTemplateHash,
  latencyBoundsMs: usualBoundsMs,
  gaps: {
    latency: {
      reason:
        'times are of all models of a server together, the refused requests included, and of REST requests alone',
      advice:
        'serve one model with each server; where requests refused with 4xx shall not count, set `latency: { histogram: rest_server_request_duration_seconds, where: { path: { matches: ".*/infer" }, status_code: { notMatches: "4.." } } }`',
    },
    predictions: {
      reason: 'MLServer does not export what it predicts',
      advice:
        'let the runtime call `mlserver.log()` with the score, which makes a histogram, and name it in `predictions`',
    },
    outcomes: noOutcomes,
    startTime: {
      ...noStartTime,
      reason: `with worker processes, which is the default, ${noStartTime.reason}`,
    },
  },
  notes: [
    'Its label `version` is the text `None` unless a request names a version in its URL: versions are told apart by their pods.',
    'The label `model` is the name that MLServer serves; where verdicts name the model otherwise, set `where: { model: name-in-mlserver }`.',
    'Requests that are refused before the model sees them (bad JSON, 422) are in no counter of the model. Those that come while the model loads (400) are failures.',
    '`model_infer_request_duration` is a summary without quantiles: no p99 can be had from it.',
    'Its metrics have a port of their own (8082), which a scrape annotation of KServe does not name: use a PodMonitor.',
  ],
};
