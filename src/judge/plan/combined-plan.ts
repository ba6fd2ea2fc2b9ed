import type { CombinedPlan, GuardrailPlan, PlannedMinutes, PlannedVerdict } from './plan-document.js';

type Figure = 'median' | 'percentile95';

/**
 * The combined verdict of a plan: a healthy canary is promoted once the last guardrail lets it through, one with a
 * single fault is rolled back once the guardrail that sees it does.
 */
export function combinedPlan(guardrails: readonly GuardrailPlan[]): CombinedPlan {
  const counted = guardrails.filter(({ notMeasured }) => !notMeasured);
  const latest = (figure: Figure) => {
    const minutes = counted.map(({ untilNotBlocking }) => untilNotBlocking[figure]?.minutes ?? Infinity);
    const last = Math.max(...minutes);
    return {
      minutes: counted.length > 0 && Number.isFinite(last) ? last : null,
      names: counted.filter((_, i) => minutes[i] === last).map(({ name }) => name),
    };
  };
  const median = latest('median');
  const percentile95 = latest('percentile95');
  return {
    untilPromote: { median: median.minutes, percentile95: percentile95.minutes },
    slowest: { median: median.names, percentile95: percentile95.names },
    untilRollback: counted.map(({ name, untilRollback }) => ({ fault: name, ...minutesOf(untilRollback) })),
  };
}

function minutesOf({ median, percentile95 }: PlannedVerdict): PlannedMinutes {
  return { median: median?.minutes ?? null, percentile95: percentile95?.minutes ?? null };
}
