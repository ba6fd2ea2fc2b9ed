import type { Preset } from './preset.js';
import {
  counter,
  equal,
  noOutcomes,
  noPredictions,
  noStartTime,
  ofNamespace,
  podsOfTemplateHash,
} from './parts.js';

const ofModel = equal('model', '{{model}}');

/** NVIDIA Triton Inference Server. Its times are sums, or quantiles that it computes itself. */
export const triton: Preset = {
  name: 'triton',
  title: 'NVIDIA Triton Inference Server',
  summary:
    'Requests are successes and failures of the model, errors its failures. Times are quantiles of each pod, where the server is told to export them.',
  readFrom: 'Triton 23.04 to 25, documented metrics',
  where: [ofNamespace],
  signals: {
    requests: {
      plus: {
        metrics: ['nv_inference_request_success', 'nv_inference_request_failure'],
        where: [ofModel],
      },
    },
    errors: { plus: counter('nv_inference_request_failure', ofModel) },
    latency: {
      kind: 'summary',
      metric: 'nv_inference_request_summary_us',
      unit: 'us',
      where: [ofModel],
    },
    predictions: {},
    outcomes: {},
  },
  version: podsOfTemplateHash,
  gaps: {
    errors: {
      reason:
        'requests that Triton refuses before they reach the model (bad JSON, unknown names) are not counted, and an error that a Python model returns as its response counts as a success',
      advice: 'let Python models raise their errors; for what clients see take preset `istio` or `http`',
    },
    latency: {
      reason:
        'there are quantiles only with `--metrics-config summary_latencies=true`, and none with the response cache; they cannot be added up over pods, so that the slowest pod is told, without a guarantee',
      advice: 'start Triton with that flag, or take the times from preset `istio`',
    },
    predictions: noPredictions,
    outcomes: noOutcomes,
    startTime: noStartTime,
  },
  notes: [
    'Its label `version` is the folder of the model repository. Where both versions are served by the same pods and requests name one, set `version: version`.',
    'Newer releases tell failures by `reason` (`REJECTED`, `CANCELED`, `BACKEND`, `OTHER`). To leave out those that clients cancelled, set `where: { reason: { not: CANCELED } }`.',
    'A request with a batch counts once.',
  ],
};
