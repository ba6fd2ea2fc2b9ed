import type { Policy } from '../../../domain/policy.js';
import { formatSeconds } from '../../../domain/units.js';
import { plan, plannedTraffic, type Plan, type PlannedVerdict } from '../../../judge/index.js';
import { latencyBoundsMs } from '../../../sources/index.js';
import type { AnalysisUse } from '../argo/analysis-use.js';
import type { Metric } from '../argo/metric.js';
import type { Problem } from '../finding.js';
import { judgeRequest, type JudgedRequest } from '../request/judge-request.js';
import { askedRequest } from '../request/request.js';
import type { DeclaredTraffic, Rule } from '../rule.js';

/** The planner asks the judge itself; nothing of it is estimated here. */
export const stepTooShort: Rule = {
  name: 'step-too-short',
  severity: 'error',
  what: 'with --requests-per-minute: a step that ends before a healthy canary can be promoted',
  of: 'use',
  check(use, context) {
    const { traffic } = context;
    if (traffic === undefined || use.role !== 'step') return [];
    const weight = use.traffic?.weight;
    if (weight === undefined || weight <= 0 || weight >= 100) return [];
    const seen = new Set<string>();
    return use.templates.flatMap((template) =>
      use
        .metricsOf(template)
        .filter(({ callsVerdict, dryRun, isEndless }) => callsVerdict && !dryRun && !isEndless)
        .flatMap((metric) => {
          const request = askedRequest(metric, use.valuesFor(template));
          const judged = request === undefined ? undefined : judgeRequest(request, context.policies);
          if (judged?.policy === undefined) return [];
          const problem = checkTime(use, metric, { judged, policy: judged.policy, weight, traffic });
          if (problem === undefined || seen.has(problem.message)) return [];
          seen.add(problem.message);
          return [problem];
        }),
    );
  },
};

interface Planned {
  readonly judged: JudgedRequest;
  readonly policy: Policy;
  readonly weight: number;
  readonly traffic: DeclaredTraffic;
}

function checkTime(use: AnalysisUse, metric: Metric, planned: Planned): Problem | undefined {
  const made = planOf(planned.policy, planned.weight, planned.traffic);
  if (made === undefined) return undefined;
  const { judged, weight, traffic } = planned;
  const alone = judged.promoteWith === 'self' ? judged.guardrail : undefined;
  const needed = neededOf(made, alone);
  const available = (use.traffic?.pausedSeconds ?? 0) + metric.patienceSeconds;
  const field = use.field;
  const at = `at ${weight} % of ${traffic.requestsPerMinute} requests a minute`;
  const slowest = needed.slowest.join(', ');
  const proxies = planned.policy.guardrails.filter(
    ({ name, kind }) => kind === 'business-proxy' && needed.slowest.includes(name),
  );
  const pass = proxies
    .map(({ name }) => `, or let ${name} pass while undecided (ifUndecided: pass)`)
    .join('');
  const fix = `raise count and inconclusiveLimit, add a pause before, or give the step more weight or a lower confidence${pass}`;
  if (needed.median === null) {
    const message = `${at} half of the healthy canaries are not promoted within a week, because of ${slowest}: the rollout pauses`;
    return { field, message, fix };
  }
  const most = needed.percentile95 === null ? 'over a week' : formatSeconds(needed.percentile95 * 60);
  const told = `a healthy canary needs ${formatSeconds(needed.median * 60)} (95 of 100: ${most}) because of ${slowest}, the step has ${formatSeconds(available)}`;
  if (available < needed.median * 60) {
    return { field, message: `${at} ${told}: most healthy canaries pause the rollout`, fix };
  }
  if (needed.percentile95 !== null && available >= needed.percentile95 * 60) return undefined;
  return {
    field,
    message: `${at} ${told}: some healthy canaries pause the rollout`,
    fix,
    severity: 'warning',
  };
}

interface Needed {
  readonly median: number | null;
  readonly percentile95: number | null;
  readonly slowest: readonly string[];
}

function neededOf(made: Plan, guardrail: string | undefined): Needed {
  const alone = made.guardrails.find(({ name }) => name === guardrail);
  if (alone !== undefined) {
    const { median, percentile95 }: PlannedVerdict = alone.untilPromote;
    return {
      median: median?.minutes ?? null,
      percentile95: percentile95?.minutes ?? null,
      slowest: [alone.name],
    };
  }
  const { untilPromote, slowest } = made.combined;
  return { ...untilPromote, slowest: slowest.median.length > 0 ? slowest.median : slowest.percentile95 };
}

/** Plans take some time each, and the metrics and steps of a rollout ask for the same ones. */
const plans = new WeakMap<DeclaredTraffic, Map<string, Plan | undefined>>();

function planOf(policy: Policy, weight: number, traffic: DeclaredTraffic): Plan | undefined {
  const known = plans.get(traffic) ?? new Map<string, Plan | undefined>();
  plans.set(traffic, known);
  const key = JSON.stringify([policy, weight]);
  if (known.has(key)) return known.get(key);
  const planned = plannedTraffic(
    {
      requestsPerSecond: traffic.requestsPerMinute / 60,
      weight: weight / 100,
      ...(traffic.outcomesPerRequest === undefined ? {} : { outcomesPerRequest: traffic.outcomesPerRequest }),
    },
    { latencyBoundsMs },
  );
  const made = planned.ok ? plan(policy, { traffic: planned.value }) : undefined;
  known.set(key, made);
  return made;
}
