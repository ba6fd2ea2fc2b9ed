import type { Preset } from './preset.js';
import { counter, equal, like, noOutcomes, noPredictions, ofNamespace, podsOfTemplateHash } from './parts.js';

const inference = [equal('method', 'POST'), like('handler', '/v1/.+')];

/** The OpenAI-compatible server of vLLM. */
export const vllm: Preset = {
  name: 'vllm',
  title: 'vLLM',
  summary:
    'Requests are POSTs below `/v1/` by HTTP status, times are those of whole generations (`vllm:e2e_request_latency_seconds`).',
  readFrom: 'vLLM 0.10 and newer, source of its metrics',
  where: [ofNamespace],
  signals: {
    requests: { plus: counter('http_requests_total', ...inference) },
    errors: { plus: counter('http_requests_total', ...inference, like('status', '5..')) },
    latency: {
      kind: 'buckets',
      metric: 'vllm:e2e_request_latency_seconds',
      form: 'classic',
      unit: 's',
      where: [],
    },
    predictions: {},
    outcomes: {},
  },
  version: podsOfTemplateHash,
  latencyBoundsMs: [
    300, 500, 800, 1000, 1500, 2000, 2500, 5000, 10_000, 15_000, 20_000, 30_000, 40_000, 50_000, 60_000,
    120_000, 240_000, 480_000, 960_000, 1_920_000, 7_680_000,
  ],
  gaps: {
    errors: {
      reason: 'a stream that breaks after its first token has been answered 200 already and is no error',
      advice: 'watch `vllm:request_success_total` with `finished_reason="abort"` beside it',
    },
    predictions: noPredictions,
    outcomes: noOutcomes,
  },
  notes: [
    'Times depend on the length of the answer. For the time to the first token set `latency: vllm:time_to_first_token_seconds`.',
    'Statuses are grouped (`5xx`). `http_requests_total` has no label for the model: the pods decide which model it is.',
    'With several API servers in one pod (`--api-server-count`) nothing says when the process began: where kube-state-metrics is scraped, set `startTime: { metric: kube_pod_container_state_started, on: [namespace, pod, container] }`.',
    'For the LLMInferenceService of KServe relabel the pod label `app.kubernetes.io/name` to `llm_isvc_name` and set `version: llm_isvc_name`.',
  ],
};
