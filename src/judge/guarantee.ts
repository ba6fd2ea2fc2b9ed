import type { Routing } from '../domain/observations.js';
import type { GuardrailSettings, Policy } from '../domain/policy.js';
import type { Guarantee } from '../domain/verdict.js';
import type { GuardrailKind } from './guardrail-kind.js';
import { guardrailKind } from './guardrails/index.js';

/** The gross-failure test has a tenth of one guardrail's share of its own. */
const grossShare = 0.1;

const routingAssumption: Readonly<Record<Routing, string>> = {
  random: 'every request is routed at random, independently of the others (no sticky users)',
  sticky: 'users are sticky: what the few users of the canary are like does not average out with time',
  selected: 'requests are selected: only absolute limits are judged, for these requests alone',
};

const assumptions: readonly string[] = [
  'truly good (bad) means at or below the promote (at or above the rollback) threshold in every judged look',
  'faults that begin later or at a higher weight are covered by the stage rule and a heuristic veto',
  "bursts of errors are tempered by how much the stable version's vary, which is heuristic",
];

/** Why a guardrail states no rate of wrong verdicts, for a reason that lies in the observations. */
export interface WithoutGuarantee {
  /** What follows the guardrail's name: `holds at most, since ...`. */
  readonly told: string;
  /** Whether it decides all the same. */
  readonly decides: boolean;
}

/** Which guarantee a guardrail of a kind can give in a mode and under a routing. */
export function guaranteeOfKind(
  kind: Pick<GuardrailKind, 'guarantee' | 'basis'>,
  mode: Policy['mode'],
  routing: Routing,
): 'exact' | 'asymptotic' | 'none' {
  if (mode === 'threshold') return 'none';
  return kind.basis === 'comparison' && routing !== 'random' ? 'none' : kind.guarantee;
}

/**
 * What may be claimed of a verdict under this policy: the rate of false rollbacks over all guardrails, looks and
 * stages; the rate of false promotions per guardrail where none may pass undecided; and what both assume.
 *
 * @param asked the one guardrail that was asked for, if any
 * @param without guardrails by name for which the observations allow none; those that decide all the same are told
 *   as excepted from the rates, and where no other is concerned there is no guarantee
 */
export function guaranteeOf(
  policy: Policy,
  routing: Routing,
  asked: string | undefined,
  without: ReadonlyMap<string, WithoutGuarantee> = new Map(),
): Guarantee | 'none' {
  if (policy.mode === 'threshold') return 'none';
  const count = policy.guardrails.length;
  const gross = policy.guardrails.filter((settings) => settings.kind === 'error-rate').length;
  const falseRollback = policy.falseRollback * (1 + (grossShare * gross) / count);
  const concerned = policy.guardrails.filter((settings) => asked === undefined || settings.name === asked);
  const excepted = concerned.filter(({ name }) => without.get(name)?.decides === true);
  if (excepted.length > 0 && excepted.length === concerned.length) return 'none';
  const strict = concerned.every(
    (settings) =>
      !without.has(settings.name) &&
      settings.ifUndecided === 'hold' &&
      settings.onBreach === 'rollback' &&
      guaranteeOfKind(guardrailKind(settings.kind), policy.mode, routing) !== 'none',
  );
  return {
    falseRollback:
      falseRollback >= 0.02 ? Number(falseRollback.toFixed(3)) : Number(falseRollback.toPrecision(3)),
    ...(strict ? { falsePromotion: Number((1 - policy.confidence).toPrecision(6)) } : {}),
    assumes: [
      routingAssumption[routing],
      ...assumptions,
      ...concerned.map((settings) => kindOfGuarantee(settings, routing, without.get(settings.name))),
    ],
  };
}

function kindOfGuarantee(
  settings: GuardrailSettings,
  routing: Routing,
  without: WithoutGuarantee | undefined,
): string {
  if (without !== undefined) {
    const others = without.decides ? '; the rates are those of the other guardrails alone' : '';
    return `${settings.name}: ${without.told}${others}`;
  }
  const kind = guardrailKind(settings.kind);
  switch (guaranteeOfKind(kind, 'evidence', routing)) {
    case 'exact':
      return `${settings.name}: exact for independent requests`;
    case 'asymptotic':
      return `${settings.name}: ${kind.asymptotics ?? 'asymptotic, error rates as simulated'}`;
    case 'none':
      return routing === 'sticky'
        ? `${settings.name}: never rolls back with sticky users, and its promote has no stated rate, since the taste of a few users decides`
        : `${settings.name}: not judged for selected requests`;
  }
}
