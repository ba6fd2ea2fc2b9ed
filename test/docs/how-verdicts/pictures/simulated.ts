import type { ArmCounts, BeforeLook, Look, Observations } from '../../../../src/domain/observations.js';
import type { Policy } from '../../../../src/domain/policy.js';
import type { GuardrailVerdict } from '../../../../src/domain/verdict.js';
import { judge } from '../../../../src/judge/index.js';
import { changePoint, changePointEvidence } from '../../../../src/statistics/change-point-mixture.js';
import type { Point } from '../../../support/drawing/panel.js';
import { armCounts } from '../../../support/simulation/arm-counts.js';
import { minuteSpan } from '../../../support/simulation/minute-span.js';

/** What an error rate above 0.5 % is bet on by default. */
export const errorRateBets: readonly number[] = [0.01, 0.015, 0.025, 0.05, 0.15, 0.5];

const warmUpLooks = 2;

/** What both versions do in one look. */
export interface SimulatedLook {
  readonly weight: number;
  readonly canary: ArmCounts;
  readonly stable: ArmCounts;
}

/** One-minute looks, and those of stable before them. */
export function observationsOf(
  looks: readonly SimulatedLook[],
  before: readonly ArmCounts[] = [],
): Observations {
  return {
    model: 'simulated',
    canary: { version: 'v2' },
    stable: { version: 'v1' },
    before: before.map((stable, index): BeforeLook => ({ ...minuteSpan(index - before.length), stable })),
    looks: looks.map((look, index): Look => ({ ...minuteSpan(index), ...look })),
  };
}

export const errorsOnly = (requests: number, errors: number): ArmCounts => armCounts({ requests, errors });

/** What one guardrail says after every look. */
export function verdictsAfterEachLook(
  policy: Policy,
  observations: Observations,
  guardrail: string,
): readonly GuardrailVerdict[] {
  return observations.looks.map((_, index) => {
    const soFar = { ...observations, looks: observations.looks.slice(0, index + 1) };
    const [verdict] = judge(policy, soFar, { guardrail }).guardrails;
    if (verdict === undefined) throw new RangeError(`the policy has no guardrail ${guardrail}`);
    return verdict;
  });
}

/** The first look, from 1, at which a guardrail says something. */
export function firstLook(verdicts: readonly GuardrailVerdict[], wanted: 'promote' | 'rollback'): number {
  const index = verdicts.findIndex(({ verdict }) => verdict === wanted);
  if (index < 0) throw new RangeError(`no look says ${wanted}`);
  return index + 1;
}

/** The evidence of verdicts look by look, where there is any. */
export function evidencePoints(
  verdicts: readonly GuardrailVerdict[],
  direction: 'promote' | 'rollback',
): readonly Point[] {
  return verdicts.flatMap(({ evidence }, index): readonly Point[] => {
    const value = evidence[direction];
    return value === null ? [] : [[index + 1, value]];
  });
}

/** What the evidence for a rollback on errors would be if every look counted, and every request were on its own. */
export function evidenceOfEveryRequest({ looks }: Observations): readonly Point[] {
  const counted = looks.map(({ canary }, index) =>
    index < warmUpLooks || canary === undefined
      ? { trials: 0, events: 0 }
      : { trials: canary.requests, events: canary.errors },
  );
  return counted.map((_, index): Point => [
    index + 1,
    changePointEvidence(
      changePoint(counted.slice(0, index + 1), {
        nullRate: 0.005,
        alternatives: errorRateBets,
        horizonLooks: 1440,
        dispersion: 1,
      }),
    ),
  ]);
}
