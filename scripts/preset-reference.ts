import { presets, type Preset, type PresetSignal } from '../src/sources/prometheus/presets/index.js';
import { narrowMatchers } from '../src/sources/prometheus/signals/narrow-matchers.js';
import { selectorText } from '../src/sources/prometheus/signals/selector.js';
import type {
  CounterSelection,
  CountSignal,
  LatencySignal,
  Matcher,
  PredictionSignal,
  TimeUnit,
  VersionSelection,
} from '../src/sources/prometheus/signals/signal.js';
import { versionPlaceholder } from '../src/sources/prometheus/signals/versions.js';

const unitNames: Readonly<Record<TimeUnit, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
};

const gapNames: Readonly<Record<PresetSignal, string>> = {
  requests: 'Requests',
  errors: 'Errors',
  latency: 'Times',
  predictions: 'Predictions',
  outcomes: 'Outcomes',
  startTime: 'First requests of a pod',
};

/** The presets of the Prometheus source as Markdown, made from their data. */
export function presetReference(): string {
  return [
    '# Presets',
    '',
    '<!-- Made by `npm run generate` from src/sources/prometheus/presets; do not edit. -->',
    '',
    'A preset says which metrics a kind of model server has, in which unit, and by which label versions are told apart. A model names one, and may replace any part of it:',
    '',
    '```yaml',
    'prometheus:',
    '  servers:',
    '    main: { url: http://prometheus:9090 }',
    'models:',
    '  fraud-detector:',
    '    prometheus:',
    '      preset: mlserver',
    '      where: { model: fraud } # the name in MLServer, where it is another one',
    '      predictions: { score: { histogram: fraud_score } }',
    '```',
    '',
    'What a signal of your own replaces is in the [config reference](config.md#models). `ml-verdict check-config` says what a preset cannot give the policy of a model, and so does every verdict. Below, `{{namespace}}` and `{{model}}` stand for those of the verdict. A condition of `where` takes the place of one here that says what the same label equals.',
    '',
    '| preset | for | errors | times | version |',
    '|---|---|---|---|---|',
    ...presets.map(overviewRow),
    '',
    '## How versions are told apart',
    '',
    'A verdict names two versions. Some label of the series has to be that name, or contain it. One query then reads both.',
    '',
    '| the version is | `version` | what it takes |',
    '|---|---|---|',
    '| the hash of the pod template, as Argo Rollouts passes it | `{ label: pod, pattern: "*-{{version}}-*" }` | nothing: pods are named after it, up to 57 characters of both names, and every PodMonitor gives the label `pod` |',
    '| the same | `rollouts_pod_template_hash` | `podTargetLabels: [rollouts-pod-template-hash]` in the PodMonitor |',
    '| a revision of Knative or KServe | `revision` | the pod label `serving.knative.dev/revision`, relabelled |',
    '| the same | `{ label: pod, pattern: "{{version}}-deployment-*" }` | nothing, while the names of revisions are short enough not to be cut in those of pods |',
    '| a predictor of Seldon Core v1 | `predictor_name` | nothing |',
    '| a Model of Seldon Core v2 | `model` | nothing |',
    '| a name that the application exports | `version` | a label of that name |',
    '',
    '`*` is any text. Write what stands beside the version, such as the hyphens above: `{{version}}*` would take `v10` for `v1`, and where all series of one version would also be taken for the other, the verdict holds and says so.',
    ...presets.flatMap(section),
    '',
  ].join('\n');
}

function overviewRow({ name, title, signals, version }: Preset): string {
  const { errors, latency } = signals;
  const times = latency === undefined ? 'no' : latency.kind === 'summary' ? 'quantiles' : 'histogram';
  return `| [\`${name}\`](#${name.replaceAll('.', '')}) | ${title} | ${errors === undefined ? 'no' : 'yes'} | ${times} | ${describeVersion(version)} |`;
}

function section(preset: Preset): readonly string[] {
  const { name, title, summary, readFrom, signals, version, startTime, latencyBoundsMs, notes, named } =
    preset;
  const all = (where: readonly Matcher[]) => narrowMatchers(preset.where, where);
  return [
    '',
    `## ${name}`,
    '',
    `${title}. ${summary}`,
    '',
    `- Requests: ${describeCount(signals.requests, all)}`,
    ...(signals.errors === undefined ? [] : [`- Errors: ${describeCount(signals.errors, all)}`]),
    ...(signals.latency === undefined ? [] : [`- Times: ${describeLatency(signals.latency, all)}`]),
    ...(latencyBoundsMs === undefined ? [] : [`- Buckets: ${describeBounds(latencyBoundsMs)}`]),
    ...(named === undefined
      ? []
      : [
          `- Predictions, \`{ kind: scores }\`: ${describePrediction(named.scores, all)}`,
          `- Predictions, \`{ kind: labels }\`: ${describePrediction(named.labels, all)}`,
          `- Outcomes: count ${describeCounter(named.outcome.count, all)}, sum ${describeCount(named.outcome.sum, all)}`,
        ]),
    `- Version: ${describeVersion(version)}`,
    ...(startTime === undefined ? [] : [`- Start of processes: \`${startTime.metric}\``]),
    `- Read from: ${readFrom}`,
    '',
    'What it cannot give, and how to have it:',
    '',
    ...Object.entries(preset.gaps).map(
      ([signal, { reason, advice }]) =>
        `- **${gapNames[signal as PresetSignal]}**: ${reason}. ${sentence(advice)}`,
    ),
    ...(notes.length === 0 ? [] : ['', 'To know:', '', ...notes.map((note) => `- ${note}`)]),
  ];
}

type Complete = (where: readonly Matcher[]) => readonly Matcher[];

function describeCount({ plus, minus }: CountSignal, all: Complete): string {
  const less = minus === undefined ? '' : `, less ${describeCounter(minus, all)}`;
  return `${describeCounter(plus, all)}${less}`;
}

function describeCounter({ metrics, where }: CounterSelection, all: Complete): string {
  return `\`${selectorText(metrics, all(where))}\``;
}

function describeLatency(latency: LatencySignal, all: Complete): string {
  const metric = latency.kind === 'buckets' ? `${latency.metric}_bucket` : latency.metric;
  const selector = describeCounter({ metrics: [metric], where: latency.where }, all);
  const kind = latency.kind === 'buckets' ? 'a histogram' : 'quantiles';
  return `${selector}, ${kind} in ${unitNames[latency.unit]}`;
}

function describePrediction(signal: PredictionSignal, all: Complete): string {
  return signal.kind === 'labels'
    ? `${describeCounter(signal.counter, all)} by \`${signal.label}\``
    : describeCounter({ metrics: [`${signal.metric}_bucket`], where: signal.where }, all);
}

function describeBounds(boundsMs: readonly number[]): string {
  const limits = [200, 500].map((limit) => `${boundsMs.includes(limit) ? 'one' : 'none'} at ${limit} ms`);
  return `${boundsMs.join(', ')} ms (${limits.join(', ')})`;
}

function describeVersion({ label, pattern }: VersionSelection): string {
  return pattern === versionPlaceholder ? `\`${label}\`` : `\`${pattern}\` in \`${label}\``;
}

function sentence(text: string): string {
  const [first = ''] = text;
  return `${first.toUpperCase()}${text.slice(1)}.`;
}
