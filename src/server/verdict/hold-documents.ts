import type { Policy } from '../../domain/policy.js';
import type { VerdictDocument } from '../../domain/verdict.js';
import { holdDocument } from '../../judge/index.js';
import type { Hold } from './hold.js';
import type { VerdictRequest } from './verdict-request.js';

/** The hold for a question that was understood. */
export function holdOf(
  { query, given }: VerdictRequest,
  policy: Policy | string,
  { code, text }: Hold,
): VerdictDocument {
  return holdDocument({
    model: query.model,
    canary: query.canary,
    ...(query.stable === undefined ? {} : { stable: query.stable }),
    ...(given.guardrail === undefined ? {} : { guardrail: given.guardrail }),
    policy,
    code,
    text,
  });
}

/** The hold for a question that could not even be read: it repeats the names that are names. */
export function refusal(values: Readonly<Record<string, unknown>>, { code, text }: Hold): VerdictDocument {
  const name = (key: string): string => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    return typeof value === 'string' && value.length <= 253 ? value : '';
  };
  const stable = name('stable');
  const guardrail = name('guardrail');
  return holdDocument({
    model: name('model'),
    canary: name('canary'),
    ...(stable === '' ? {} : { stable }),
    ...(guardrail === '' ? {} : { guardrail }),
    policy: name('policy'),
    code,
    text,
  });
}
