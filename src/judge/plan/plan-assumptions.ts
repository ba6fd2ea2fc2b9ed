import type { Policy } from '../../domain/policy.js';
import { formatMilliseconds, formatPercent, formatSeconds, trimNumber } from '../../domain/units.js';
import type { PlannedBaseline, PlannedTraffic } from './planning.js';

/** What the figures of a plan assume, told with every plan. */
export function assumptionsOf(
  policy: Policy,
  traffic: PlannedTraffic,
  { errorRate, latency }: PlannedBaseline,
): readonly string[] {
  const kinds = new Set(policy.guardrails.map(({ kind }) => kind));
  const about = (kind: string, text: string) => (kinds.has(kind) ? [text] : []);
  const timed = kinds.has('latency-quantile') ? 'latency-quantile' : 'latency-ratio';
  return [
    'steady traffic in one-minute looks from the first request of the canary on, one weight throughout',
    ...(policy.mode === 'evidence'
      ? [`the warm-up of ${formatSeconds(policy.warmUpSeconds)} is in every figure`]
      : ['threshold mode: the table to the letter, so chance may still turn a verdict over']),
    'independent requests: bursts of errors and repeated predictions take longer',
    'a guardrail that is not the faulty one is healthy, and so is the stable version',
    ...about('error-ratio', `${formatPercent(errorRate)} of the stable version's requests fail`),
    ...about(timed, 'request times are lognormal with sigma 1'),
    ...about(
      'latency-ratio',
      `p${trimNumber(latency.quantile * 100, 6)} of the stable version's request times is ${formatMilliseconds(latency.milliseconds)}`,
    ),
    ...about('prediction-drift', 'drift is a shift over bins that the stable version fills evenly'),
    ...about('business-proxy', outcomesSentence(traffic)),
    ...about(
      'decision-rate',
      `${formatPercent(traffic.decisionRate)} of the stable version's predictions are the decision`,
    ),
  ];
}

function outcomesSentence({ outcomesPerRequest, outcomeMean, outcomeDeviation }: PlannedTraffic): string {
  if (outcomesPerRequest === 0) return 'no outcomes are recorded';
  const sort =
    outcomeDeviation === null
      ? `yes/no outcomes, ${formatPercent(outcomeMean)} of them yes`
      : `outcomes of mean ${trimNumber(outcomeMean)} and standard deviation ${trimNumber(outcomeDeviation)}`;
  const many = outcomesPerRequest === 1 ? 'one' : trimNumber(outcomesPerRequest);
  return `${sort}, ${many} for every request and at once`;
}
