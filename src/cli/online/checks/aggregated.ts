import { error, ok, warning, type CheckResult } from '../finding.js';
import { seriesOf, type ProbedModel } from '../probed-model.js';
import { metricNames } from '../words.js';

const check = 'targets';

/** Labels that group targets, but are not of one. */
const ofGroups = ['namespace', 'job'];

/** Whether series are of single targets or sums over them, and whether the config says the same. */
export function checkAggregated(model: ProbedModel): readonly CheckResult[] {
  const { targetLabels, version, aggregated, signals } = model.queries;
  const series = seriesOf(model, 'requests') ?? [];
  if (series.length === 0) return [];
  const own = targetLabels.filter(
    (name) => !ofGroups.includes(name) && (name === 'pod' || name !== version.label),
  );
  if (own.length === 0) return [];
  const isOfTargets = series.some(({ labels }) => own.some((name) => labels[name] !== undefined));
  const names = metricNames(signals.requests.plus.metrics);
  if (isOfTargets && aggregated) {
    return [
      warning(
        check,
        `${names} has series of single targets, though the config says that they are sums`,
        'leave out aggregated: then restarts and new pods are counted exactly',
      ),
    ];
  }
  if (aggregated) {
    return [
      ok(
        check,
        `${names} is a sum over targets: where one of them ends or restarts, counts are lost, and verdicts say so`,
      ),
    ];
  }
  if (isOfTargets) return [];
  return [
    error(
      check,
      `${names} has none of the labels ${own.join(', ')}: it looks like a sum over pods, which goes down when one of them ends, and that would be taken for a restart`,
      'name the metrics of the pods themselves; if there are only sums, set aggregated: true; if targets are told by another label, name it in targetLabels',
    ),
  ];
}
