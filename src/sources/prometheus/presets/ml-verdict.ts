import { defaultSeries } from '../../../domain/observations.js';
import { latencyBoundsMs } from '../../ledger/latency-grid.js';
import type { NamedSignals, Preset } from './preset.js';
import { counter, equal } from './parts.js';

const ofOutput = equal('output', '{{name}}');
const ofOutcome = equal('outcome', '{{name}}');

const named: NamedSignals = {
  scores: {
    kind: 'scores',
    metric: 'ml_verdict_ingested_scores',
    form: 'classic',
    where: [ofOutput],
  },
  labels: {
    kind: 'labels',
    counter: counter('ml_verdict_ingested_labels_total', ofOutput),
    label: 'label',
  },
  outcome: {
    count: counter('ml_verdict_ingested_outcomes_total', ofOutcome),
    // A counter only rises: gains and losses are counted apart.
    sum: {
      plus: counter('ml_verdict_ingested_outcome_sum_total', ofOutcome, equal('sign', '+')),
      minus: counter('ml_verdict_ingested_outcome_sum_total', ofOutcome, equal('sign', '-')),
    },
    sumOfSquares: counter('ml_verdict_ingested_outcome_squares_total', ofOutcome),
    immediate: false,
  },
};

/** What this service itself offers of the events that it takes. */
export const mlVerdict: Preset = {
  name: 'ml-verdict',
  title: 'ml-verdict itself',
  summary:
    'What another ml-verdict counts of the predictions and outcomes that are sent to it, where `metrics.ingested` is on.',
  readFrom: 'the metrics of this version',
  where: [equal('namespace', '{{namespace}}'), equal('model', '{{model}}')],
  signals: {
    requests: { plus: counter('ml_verdict_ingested_requests_total') },
    errors: { plus: counter('ml_verdict_ingested_errors_total') },
    latency: {
      kind: 'buckets',
      metric: 'ml_verdict_ingested_latency_seconds',
      form: 'classic',
      unit: 's',
      where: [],
    },
    predictions: {},
    outcomes: {},
  },
  named,
  version: { label: 'version', pattern: '{{version}}' },
  latencyBoundsMs,
  gaps: {
    predictions: {
      reason: 'which outputs a model has is not known',
      advice: `name them and say what they are: \`predictions: { ${defaultSeries}: { kind: scores } }\`, or \`kind: labels\``,
    },
    outcomes: {
      reason: 'which outcomes a model has is not known',
      advice: `name them: \`outcomes: { ${defaultSeries}: {} }\``,
    },
  },
  notes: [
    'Scrape it with `honor_labels: true` (`honorLabels` in a ServiceMonitor): the `namespace` of the scrape would else take the place of that of the model.',
    'Outcomes count when they arrive.',
  ],
};
