/** What the presets of Knative share: they read the proxy in front of every container. */
import type { ModelSignals } from '../signals/signal.js';
import type { Gap, Preset } from './preset.js';
import { counter, like, noOutcomes, noPredictions } from './parts.js';

/** How one generation of the proxy names what it counts. */
interface QueueProxyNames {
  readonly requests: string;
  readonly status: string;
  /** Requests as the whole proxy saw them, its own refusals included. */
  readonly wholeProxy: string;
}

/** Requests and errors of the container behind the proxy. */
export function queueProxySignals({ requests, status }: QueueProxyNames): Omit<ModelSignals, 'latency'> {
  return {
    requests: { plus: counter(requests) },
    errors: { plus: counter(requests, like(status, '5..')) },
    predictions: {},
    outcomes: {},
  };
}

export function queueProxyGaps({ status, wholeProxy }: QueueProxyNames): Preset['gaps'] {
  const errors: Gap = {
    reason:
      'the answers 502, 503 and 504 of Knative itself, while a container takes no requests, are not counted',
    advice: `for these too, set \`requests: ${wholeProxy}\` and \`errors: { metric: ${wholeProxy}, where: { ${status}: { matches: "5.." } } }\``,
  };
  return { errors, predictions: noPredictions, outcomes: noOutcomes };
}

/** How the metrics are had since Knative 1.19. */
export const openTelemetryNotes: readonly string[] = [
  'These metrics are off by default: set `request-metrics-protocol: prometheus` in the ConfigMap `config-observability` of the namespace `knative-serving`, and scrape port 9091 (`http-usermetric`).',
  'The revision is no label of these series: relabel `__meta_kubernetes_pod_label_serving_knative_dev_revision` to `revision` in the PodMonitor. Without it `version: { label: pod, pattern: "{{version}}-deployment-*" }` goes by the names of pods.',
  'Do not scrape the activator into the same series: it sees only some of the requests.',
];
