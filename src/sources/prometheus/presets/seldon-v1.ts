import type { Preset } from './preset.js';
import {
  counter,
  equal,
  like,
  noPredictions,
  ofNamespace,
  serverErrorCodes,
  usualBoundsMs,
} from './parts.js';

const predictions = [equal('deployment_name', '{{model}}'), equal('service', 'predictions')];

/** The executor in front of the graph of a Seldon Core v1 predictor. */
export const seldonV1: Preset = {
  name: 'seldon-v1',
  title: 'Seldon Core v1',
  summary:
    'What the executor of a predictor answered: requests by status and their times. The model is the SeldonDeployment, the version its predictor.',
  readFrom: 'Seldon Core 1.19, source of the executor',
  where: [ofNamespace],
  signals: {
    requests: { plus: counter('seldon_api_executor_server_requests_seconds_count', ...predictions) },
    errors: {
      plus: counter(
        'seldon_api_executor_server_requests_seconds_count',
        ...predictions,
        like('code', serverErrorCodes),
      ),
    },
    latency: {
      kind: 'buckets',
      metric: 'seldon_api_executor_server_requests_seconds',
      form: 'classic',
      unit: 's',
      where: predictions,
    },
    predictions: {},
    outcomes: {},
  },
  version: { label: 'predictor_name', pattern: '{{version}}' },
  latencyBoundsMs: usualBoundsMs,
  gaps: {
    predictions: noPredictions,
    outcomes: {
      reason:
        'feedback is not read unless the config says so: it takes the same weighted route as requests, so that a reward may be counted for the other predictor',
      advice:
        'send feedback to the Service of the predictor that answered and set `outcomes: { count: { metric: seldon_api_executor_server_requests_seconds_count, where: { service: feedback } }, sum: seldon_api_model_feedback_reward_total }`; the counter of feedback itself leaves out rewards of 0',
    },
  },
  notes: [
    'The series have no namespace of their own: it comes from the scrape (port `metrics`, path `/prometheus`).',
    'Scraped by a ServiceMonitor, which has a label `service` of its own, theirs becomes `exported_service` and nothing is found: use a PodMonitor.',
    'For gRPC set `where: { service: "/seldon.protos.Seldon/Predict" }`, the full name of the method.',
  ],
};
