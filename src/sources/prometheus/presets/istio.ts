import type { Preset } from './preset.js';
import { counter, equal, like, noOutcomes, noPredictions } from './parts.js';

/** One of the two proxies that see a request, else each would count twice. */
const reported = equal('reporter', 'destination');

/** The sidecar in front of the model, as Istio's standard metrics tell it. */
export const istio: Preset = {
  name: 'istio',
  title: 'Istio sidecars (any server)',
  summary:
    'What the proxy beside the model answered: requests by HTTP status and their times in milliseconds, counted once, at the destination.',
  readFrom: 'Istio 1.20 and newer, documented standard metrics; default buckets of Envoy',
  where: [
    reported,
    equal('destination_workload_namespace', '{{namespace}}'),
    equal('destination_canonical_service', '{{model}}'),
  ],
  signals: {
    requests: { plus: counter('istio_requests_total') },
    errors: { plus: counter('istio_requests_total', like('response_code', '5..')) },
    latency: {
      kind: 'buckets',
      metric: 'istio_request_duration_milliseconds',
      form: 'classic',
      unit: 'ms',
      where: [],
    },
    predictions: {},
    outcomes: {},
  },
  version: { label: 'destination_version', pattern: '{{version}}' },
  startTime: { metric: 'istio_agent_process_start_time_seconds', on: ['job', 'instance'] },
  latencyBoundsMs: [
    0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000,
    1_800_000, 3_600_000,
  ],
  gaps: {
    errors: {
      reason:
        'gRPC answers 200 whatever became of the call, and requests that never reached a pod have no destination to count them',
      advice:
        'for gRPC set `errors: { metric: istio_requests_total, where: { grpc_response_status: { matches: "2|4|12|13|14|15" } } }`; for requests that reached no pod set `where: { reporter: source }`, which counts at the gateway',
    },
    predictions: noPredictions,
    outcomes: noOutcomes,
  },
  notes: [
    'The model is the canonical service: the pod label `service.istio.io/canonical-name`, else `app.kubernetes.io/name`, else `app`. For another one set for instance `where: { destination_canonical_service: { matches: ".*" }, destination_app: fraud }`.',
    'The version is the pod label `version`. Argo Rollouts sets none: give it to the pods with `canaryMetadata` and `stableMetadata`, or go by the hash with `version: { label: pod, pattern: "*-{{version}}-*" }`.',
    'For Knative and KServe set `version: { label: destination_workload, pattern: "{{version}}-deployment" }`.',
    'In ambient mode set `where: { reporter: waypoint }`. Never count two reporters together: every request would count twice.',
    'The start of a proxy is told by its agent: scrape port 15020, which has both.',
  ],
};
