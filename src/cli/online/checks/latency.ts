import { formatMilliseconds } from '../../../domain/units.js';
import { guardrailKind } from '../../../judge/index.js';
import { commonBounds } from '../../../sources/prometheus/counting/bucket-bounds.js';
import type { LatencyBuckets } from '../../../sources/prometheus/signals/signal.js';
import { milliseconds } from '../../../sources/prometheus/signals/time-units.js';
import { limitsBesideBounds } from '../../limit-warnings.js';
import { error, ok, warning, type CheckResult } from '../finding.js';
import { identitiesOf, type ProbedChannel, type ProbedModel } from '../probed-model.js';
import { checkBounds } from './bounds.js';
import { checkUnits } from './latency-units.js';

const check = 'latency';

/** Whether the buckets of request times let the policy decide. */
export function checkLatency(model: ProbedModel): readonly CheckResult[] {
  const { latency } = model.queries.signals;
  const probed = model.channels.find(({ channel }) => channel.id === check);
  if (latency?.kind !== 'buckets' || probed === undefined || probed.series.length === 0) return [];
  if (latency.form === 'native') return checkNative(latency, probed);
  const { bounds } = commonBounds(probed.channel.id, identitiesOf(model, probed));
  const boundsMs = bounds.filter((bound) => bound > 0).map((bound) => milliseconds(bound, latency.unit));
  if (boundsMs.length === 0) {
    return [
      error(
        check,
        `the histograms of ${latency.metric} have no bucket bound in common`,
        'give all pods of both versions the same buckets',
      ),
    ];
  }
  return [
    ...checkLimits(model, latency, boundsMs),
    ...checkBounds(model, check, probed),
    ...checkUnits(latency, bounds, probed.series),
  ];
}

function checkLimits(
  { guardrails }: ProbedModel,
  { metric }: LatencyBuckets,
  boundsMs: readonly number[],
): readonly CheckResult[] {
  const beside = limitsBesideBounds(guardrails, boundsMs, metric);
  if (beside.length > 0) {
    return beside.map((found) =>
      warning(
        check,
        found,
        'set the limit of the policy to a bound, or give the histogram a bucket at the limit',
      ),
    );
  }
  const limits = guardrails.flatMap(
    (settings) => guardrailKind(settings.kind).planning.thresholdsWithoutBound?.([], settings) ?? [],
  );
  const span = `${boundsMs.length} bounds from ${formatMilliseconds(boundsMs[0] ?? 0)} to ${formatMilliseconds(boundsMs.at(-1) ?? 0)}`;
  const among = limits.map((limit) => formatMilliseconds(limit)).join(' and ');
  return [ok(check, `${metric}: ${span}${among === '' ? '' : `, with the limits ${among}`}`)];
}

/** Native histograms are read where the samples are such; their bounds follow from what they hold. */
function checkNative({ metric }: LatencyBuckets, { series }: ProbedChannel): readonly CheckResult[] {
  const isNative = series.every(({ values }) => typeof values[0] === 'object');
  return [
    isNative
      ? ok(check, `${metric}: native histograms`)
      : error(check, `the samples of ${metric} are no native histograms`, 'set form: classic'),
  ];
}
