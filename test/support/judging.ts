import assert from 'node:assert/strict';
import type { GuardrailSettings, Policy } from '../../src/domain/policy.js';
import type { GuardrailVerdict, VerdictDocument } from '../../src/domain/verdict.js';
import { defaultPolicy, overridePolicy, parsePolicy } from '../../src/judge/index.js';
import { valueOf } from './value-of.js';

/** The default policy with other settings: general ones, and those of guardrails by name. */
export function policyWith(
  general: Partial<Omit<Policy, 'guardrails'>> = {},
  guardrails: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): Policy {
  return { ...valueOf(overridePolicy(defaultPolicy(), { guardrails })), ...general };
}

/** The default policy's guardrails of these names alone. */
export function only(policy: Policy, ...names: readonly string[]): Policy {
  const guardrails: readonly GuardrailSettings[] = policy.guardrails.filter(({ name }) =>
    names.includes(name),
  );
  assert.equal(guardrails.length, names.length);
  return { ...policy, guardrails };
}

/** A policy as it would be written in a file. */
export function written(policy: unknown, name = 'written'): Policy {
  return valueOf(parsePolicy(policy, name));
}

/** What a document says of one guardrail. */
export function guardrailOf(document: VerdictDocument, name: string): GuardrailVerdict {
  const found = document.guardrails.find((guardrail) => guardrail.name === name);
  if (found === undefined) assert.fail(`the document has no guardrail ${name}`);
  return found;
}

/** Verdict and reason code of every guardrail, for one comparison. */
export function codesOf(document: VerdictDocument): Readonly<Record<string, string>> {
  return Object.fromEntries(
    document.guardrails.map(({ name, verdict, reasonCode }) => [name, `${verdict}: ${reasonCode}`]),
  );
}
