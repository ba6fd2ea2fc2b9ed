import { formatCount, formatPercent, formatSeconds, trimNumber } from '../../domain/units.js';
import type { GuardrailPlan, Plan, PlannedVerdict, PlannedWait } from '../../judge/index.js';
import { printable } from './printable.js';
import { plainTable } from './verdict-table.js';

/**
 * A plan for a person: one line a guardrail, the combined verdict, and below what does not decide and why.
 *
 * @param wide whether the canary samples are shown beside every time
 */
export function planTable(plan: Plan, wide = false): string {
  const { traffic, combined } = plan;
  const head = `${trimNumber(traffic.requestsPerSecond)} requests/s, ${formatPercent(traffic.weight)} of them to the canary: ${trimNumber(traffic.canaryRequestsPerMinute)} canary requests/min. Policy ${printable(plan.policy)}, confidence ${plan.confidence}${plan.mode === 'threshold' ? ', threshold mode' : ''}.`;
  const combinedWait = (count: number | null) =>
    waitText(
      count === null ? null : { minutes: count, samples: count * traffic.canaryRequestsPerMinute },
      'requests',
      wide,
    );
  const rows = [
    ...plan.guardrails.map((guardrail) => [
      printable(guardrail.name),
      guardrail.healthy.text,
      ...waitsOf(guardrail, guardrail.untilPromote, wide),
      guardrail.faulty.text,
      ...waitsOf(guardrail, guardrail.untilRollback, wide),
    ]),
    [
      'combined',
      'all healthy',
      combinedWait(combined.untilPromote.median),
      combinedWait(combined.untilPromote.percentile95),
      'a single fault',
      'as above',
      '',
    ],
  ];
  const table = plainTable(
    ['GUARDRAIL', 'HEALTHY', 'PROMOTED AFTER', '95 % BY', 'FAULTY', 'ROLLED BACK AFTER', '95 % BY'],
    rows,
  );
  const notes = [
    slowestSentence(plan),
    ...weightSentences(plan),
    ...undecidedSentences(plan),
    'Assumed:',
    ...plan.assumes.map((assumption) => `- ${assumption}`),
  ];
  return `${head}\n\n${table}\n${notes.map((note) => `${printable(note)}\n`).join('')}`;
}

function waitsOf(
  { notMeasured, sampleName }: GuardrailPlan,
  { median, percentile95 }: PlannedVerdict,
  wide: boolean,
): readonly string[] {
  if (notMeasured) return ['not measured', ''];
  return [waitText(median, sampleName, wide), waitText(percentile95, sampleName, wide)];
}

function waitText(wait: PlannedWait | null, sampleName: string, wide: boolean): string {
  const time = minutes(wait?.minutes ?? null);
  return wait === null || !wide ? time : `${time}, ${formatCount(wait.samples)} ${sampleName}`;
}

function minutes(count: number | null): string {
  return count === null ? 'never' : formatSeconds(count * 60);
}

function slowestSentence({ combined }: Plan): string {
  const { median } = combined.untilPromote;
  const names = combined.slowest.median;
  if (names.length === 0) return 'Nothing is measured, so nothing is ever promoted.';
  return median === null
    ? `A healthy canary is never promoted, because of ${names.join(', ')}.`
    : `The slowest guardrail of a healthy canary: ${names.join(', ')}.`;
}

function weightSentences({ smallestWeight }: Plan): readonly string[] {
  if (smallestWeight === undefined) return [];
  const { median, percentile95, withinSeconds } = smallestWeight;
  const within = `promoted within ${formatSeconds(withinSeconds)}`;
  const at = (share: number | null) =>
    share === null ? 'at no weight up to 50 %' : `from a weight of ${formatPercent(share)} on`;
  return [`Half of the healthy canaries are ${within} ${at(median)}, 95 of 100 ${at(percentile95)}.`];
}

function undecidedSentences({ guardrails }: Plan): readonly string[] {
  return guardrails.flatMap((guardrail) => {
    const { name, notMeasured, untilPromote, untilRollback, untilNotBlocking } = guardrail;
    if (notMeasured) return [`${name} is left out: ${untilPromote.undecided?.text ?? 'it is not measured'}.`];
    const passes = minutes(untilNotBlocking.median?.minutes ?? null);
    return [
      ...(untilNotBlocking === untilPromote
        ? []
        : [`${name} passes while undecided: it no longer keeps a promote back after ${passes}.`]),
      ...sentencesOf(name, 'promote', untilPromote),
      ...sentencesOf(name, 'roll back', untilRollback),
    ];
  });
}

function sentencesOf(name: string, what: string, { median, undecided }: PlannedVerdict): readonly string[] {
  if (undecided === null) return [];
  const how = median === null ? `does not ${what}` : `does not ${what} 95 of 100`;
  return [`${name} ${how}: ${undecided.text}.`];
}
