import type { ArmCounts, BeforeLook, Look, Observations } from '../../../../src/domain/observations.js';
import type { Policy } from '../../../../src/domain/policy.js';
import type { GuardrailVerdict } from '../../../../src/domain/verdict.js';
import { judge } from '../../../../src/judge/index.js';

const startMs = Date.UTC(2026, 0, 5, 10);
const minuteMs = 60_000;

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
  const span = (index: number) => ({
    startMs: startMs + index * minuteMs,
    endMs: startMs + (index + 1) * minuteMs,
  });
  return {
    model: 'simulated',
    canary: { version: 'v2' },
    stable: { version: 'v1' },
    before: before.map((stable, index): BeforeLook => ({ ...span(index - before.length), stable })),
    looks: looks.map((look, index): Look => ({ ...span(index), ...look })),
  };
}

export const errorsOnly = (requests: number, errors: number): ArmCounts => ({
  requests,
  errors,
  predictions: new Map(),
  outcomes: new Map(),
});

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
