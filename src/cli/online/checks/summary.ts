import type { GuardrailSettings } from '../../../domain/policy.js';
import { selectorText } from '../../../sources/prometheus/signals/selector.js';
import type { LatencySummary, VersionSelection } from '../../../sources/prometheus/signals/signal.js';
import type { Asking } from '../asking.js';
import { error, warning, type CheckResult } from '../finding.js';
import { listed } from '../words.js';
import { explainNothing } from './nothing-found.js';

const check = 'latency';

/** Whether the quantiles that servers compute themselves are there, and those of the policy among them. */
export async function checkSummary(
  asking: Asking,
  { metric, where }: LatencySummary,
  guardrails: readonly GuardrailSettings[],
  version: VersionSelection,
): Promise<CheckResult> {
  const series = await asking.last(selectorText([metric], where));
  const quantiles = series.flatMap(({ labels }) => labels['quantile'] ?? []);
  if (quantiles.length === 0) {
    if (series.length > 0 || (await asking.has(selectorText([`${metric}_count`], where)))) {
      return error(
        check,
        `${metric} is a summary without quantiles: it has a sum and a count, of which no p99 can be made`,
        'let the application have a histogram, or take the times from what stands in front (presets istio, knative)',
      );
    }
    return explainNothing(asking, {
      check,
      level: 'error',
      selection: { metrics: [metric], where },
      version,
    });
  }
  const wanted = guardrails.flatMap(quantileOf);
  const absent = wanted.filter((quantile) => !quantiles.some((one) => Number(one) === quantile));
  if (absent.length > 0) {
    return error(
      check,
      `${metric} has the quantiles ${listed(quantiles)}, the policy asks for ${absent.join(', ')}`,
      'let the application compute that quantile, or set the quantile of the policy to one of these',
    );
  }
  return quantilesTold(metric, quantiles);
}

function quantilesTold(metric: string, quantiles: readonly string[]): CheckResult {
  return warning(
    check,
    `${metric}: quantiles ${listed(quantiles)} that the pods compute themselves; the largest of all pods is judged, without a guarantee`,
    'where the application can have a histogram, name that instead',
  );
}

/** The quantile that a guardrail reads as it is told. */
function quantileOf(settings: GuardrailSettings): readonly number[] {
  const isTold = settings.kind === 'latency-quantile' && 'quantile' in settings;
  return isTold && typeof settings.quantile === 'number' ? [settings.quantile] : [];
}
