import type { Preset } from './preset.js';
import { counter, equal, noOutcomes, noPredictions, ofNamespace, usualBoundsMs } from './parts.js';

const ofModel = equal('model_name', '{{model}}');
const predicted = counter('request_predict_seconds_count', ofModel);

/** The servers of KServe's Python SDK. They have no counter of errors: what was begun and not finished failed. */
export const kserve: Preset = {
  name: 'kserve',
  title: 'KServe, Python runtimes',
  summary:
    'The scikit-learn, XGBoost, LightGBM, PMML, Paddle, Hugging Face and custom servers of the KServe Python SDK. Requests are calls of `predict`, errors those after which `postprocess` was not reached.',
  readFrom: 'KServe 0.21.0, run with good and bad requests',
  where: [ofNamespace],
  signals: {
    requests: { plus: predicted },
    errors: { plus: predicted, minus: counter('request_postprocess_seconds_count', ofModel) },
    latency: {
      kind: 'buckets',
      metric: 'request_predict_seconds',
      form: 'classic',
      unit: 's',
      where: [ofModel],
    },
    predictions: {},
    outcomes: {},
  },
  version: { label: 'revision', pattern: '{{version}}' },
  latencyBoundsMs: usualBoundsMs,
  gaps: {
    errors: {
      reason:
        'answers 400 and 404 and responses that cannot be encoded (500 to the client) are counted nowhere: only a `predict` that fails is an error',
      advice:
        'where these matter, take requests and errors from what stands in front: preset `knative` or `istio`',
    },
    latency: {
      reason: 'times are of `predict` alone, the failed ones included, without what stands around it',
      advice: 'for the time that a client waits, take preset `knative` or `istio`',
    },
    predictions: noPredictions,
    outcomes: noOutcomes,
  },
  notes: [
    'A request that is between `predict` and `postprocess` when the server is scraped shows as an error until the next scrape.',
    'With `--workers` above 1 every scrape is answered by one of the processes, so that counters seem to jump: run one worker in more pods.',
    'Its only label is `model_name`: the version comes from the scrape. In Knative mode relabel `__meta_kubernetes_pod_label_serving_knative_dev_revision` to `revision`, which the preset reads; in Standard mode relabel `__meta_kubernetes_pod_label_app` to `app` and set `version: { label: app, pattern: "isvc.{{version}}" }`. Without relabelling `version: { label: pod, pattern: "{{version}}-*" }` goes by the names of pods.',
  ],
};
