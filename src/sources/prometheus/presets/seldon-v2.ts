import type { Preset } from './preset.js';
import { counter, like, noOutcomes, noPredictions, ofNamespace, serverErrorCodes } from './parts.js';

/** The agent beside the inference servers of Seldon Core v2, where every candidate is a model of its own. */
export const seldonV2: Preset = {
  name: 'seldon-v2',
  title: 'Seldon Core v2',
  summary:
    'What the agent of a server answered for each candidate of an Experiment. The version is the name of the candidate Model.',
  readFrom: 'Seldon Core 2.10, source of the agent',
  where: [ofNamespace],
  signals: {
    requests: { plus: counter('seldon_model_infer_total') },
    errors: { plus: counter('seldon_model_infer_total', like('code', serverErrorCodes)) },
    predictions: {},
    outcomes: {},
  },
  version: { label: 'model', pattern: '{{version}}' },
  gaps: {
    errors: {
      reason:
        'Envoy tries a request again up to five times after a 5xx: the agent counts more errors than clients see',
      advice: 'read the figure as what the model does; for what clients see take the metrics of Envoy',
    },
    latency: {
      reason: 'the histogram of the agent has no label for the model',
      advice:
        'scrape Envoy (`/stats/prometheus`), relabel `envoy_cluster_name` from `name_1_http` to `model: name` and set `latency: { histogram: envoy_cluster_upstream_rq_time, unit: ms }`; or give each candidate a Server of its own, set `version: server` and `latency: seldon_model_infer_api_seconds`',
    },
    predictions: noPredictions,
    outcomes: noOutcomes,
  },
  notes: [
    'The namespace is that of the pods of the Servers, which the PodMonitors of Seldon label.',
    'Sticky clients (`x-seldon-route`) pass the split by: say `routing: sticky` then.',
  ],
};
