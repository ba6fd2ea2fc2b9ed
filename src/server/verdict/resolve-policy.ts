import type { Config } from '../../config/config.js';
import { modelSettings } from '../../config/model-settings.js';
import { suggestName } from '../../domain/nearest-name.js';
import { quote } from '../../domain/parsing.js';
import type { Policy } from '../../domain/policy.js';
import { overridePolicy } from '../../judge/index.js';
import { visiblePolicies, type Caller } from '../access/index.js';
import { badArgument, hold, type Hold } from './hold.js';
import { policyAtStage } from './stage.js';
import type { VerdictRequest } from './verdict-request.js';

/** The policy that a question is judged by, or why there is none. */
export type ResolvedPolicy =
  | { readonly kind: 'policy'; readonly policy: Policy }
  /** `policy` is the one that would have judged, as far as it is known. */
  | { readonly kind: 'hold'; readonly hold: Hold; readonly policy?: Policy };

/**
 * Finds the policy (the request's, else the model's, else `default`) and puts the request's settings over it. The caller
 * decides only which names a hold may tell.
 */
export function resolvePolicy(
  config: Config,
  { given, query, settings }: VerdictRequest,
  caller: Caller,
): ResolvedPolicy {
  const own = modelSettings(config, query.namespace, query.model).policy;
  const name = given.policy ?? own ?? 'default';
  const policy = config.policies.get(name);
  if (policy === undefined) {
    const help = suggestName(name, visiblePolicies(config, caller, 'verdict', own));
    return {
      kind: 'hold',
      hold: hold('unknown-policy', `policy: there is no policy ${quote(name)}; ${help}`),
    };
  }
  const unknown = unknownGuardrail(policy, given.guardrail, Object.keys(settings.byGuardrail));
  if (unknown !== undefined) return { kind: 'hold', hold: unknown, policy };
  const changed = overridePolicy(
    policy,
    { confidence: given.confidence, mode: given.mode, flat: settings.flat, guardrails: settings.byGuardrail },
    given.guardrail,
  );
  if (!changed.ok) return { kind: 'hold', hold: badArgument(changed.errors), policy };
  return { kind: 'policy', policy: policyAtStage(changed.value, given.stage) };
}

function unknownGuardrail(
  policy: Policy,
  asked: string | undefined,
  set: readonly string[],
): Hold | undefined {
  const names = policy.guardrails.map((guardrail) => guardrail.name);
  const written = [
    ...(asked === undefined ? [] : [{ path: 'guardrail', name: asked }]),
    ...set.map((name) => ({ path: 'guardrails', name })),
  ];
  const wrong = written.find(({ name }) => !names.includes(name));
  if (wrong === undefined) return undefined;
  return hold(
    'unknown-guardrail',
    `${wrong.path}: the policy "${policy.name}" has no guardrail ${quote(wrong.name)}; ${suggestName(wrong.name, names)}`,
  );
}
