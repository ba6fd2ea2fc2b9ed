import type { FieldError } from '../domain/errors.js';
import { confidenceField } from '../domain/fields.js';
import { suggestName } from '../domain/nearest-name.js';
import { parseWith, quote } from '../domain/parsing.js';
import type { GuardrailSettings, Policy } from '../domain/policy.js';
import { failure, success, type Result } from '../domain/result.js';
import { parseGuardrail, policyProblems, type PolicyProblem } from './policy.js';

/** What a request may change of a policy; every value may be a string, an empty one counts as absent. */
export interface PolicyOverrides {
  readonly confidence?: unknown;
  readonly mode?: unknown;
  /** Settings of the one guardrail that the request names: `promoteBelow`, `ifUndecided`, … */
  readonly flat?: Readonly<Record<string, unknown>>;
  /** Settings by guardrail name. */
  readonly guardrails?: Readonly<Record<string, unknown>>;
}

/** Settings that identify a guardrail and so cannot be changed by a request. */
const fixedFields = ['name', 'kind'];

/**
 * A policy with the request's changes. Fails with the path of each field as the request has it.
 *
 * @param guardrail the one guardrail that the request names; `flat` needs it
 */
export function overridePolicy(
  policy: Policy,
  overrides: PolicyOverrides,
  guardrail?: string,
): Result<Policy> {
  const errors: FieldError[] = [];
  const confidence = readConfidence(overrides.confidence, policy.confidence, errors);
  const mode = readMode(overrides.mode, policy.mode, errors);
  const nested = readNested(policy, overrides.guardrails, errors);
  const flat = present(overrides.flat ?? {});
  if (Object.keys(flat).length > 0 && guardrail === undefined) {
    for (const field of Object.keys(flat)) {
      errors.push({
        path: field,
        message: `expected beside "guardrail", since it is one guardrail's setting; for the combined verdict write guardrails: {"<name>": {"${field}": …}}`,
      });
    }
  }
  const guardrails = policy.guardrails.map((settings) => {
    const own = nested.get(settings.name) ?? {};
    const changed = applyOverrides(settings, own, `guardrails.${settings.name}`, errors);
    return guardrail === settings.name ? applyOverrides(changed, flat, '', errors) : changed;
  });
  if (errors.length > 0) return failure(errors);
  const changed: Policy = { ...policy, confidence, mode, guardrails };
  const written = (name: string) => ({
    flat: Object.keys(guardrail === name ? flat : {}),
    nested: Object.keys(nested.get(name) ?? {}),
  });
  const wrong = policyProblems(changed).map((problem) => ({
    path: requestPath(problem, changed, written),
    message: problem.message,
  }));
  return wrong.length > 0 ? failure(wrong) : success(changed);
}

/** Which field of the request a problem of the changed policy came with; `mode` where it gave no such field. */
function requestPath(
  { guardrail, field }: PolicyProblem,
  policy: Policy,
  written: (name: string) => { readonly flat: readonly string[]; readonly nested: readonly string[] },
): string {
  const name = guardrail === undefined ? undefined : policy.guardrails[guardrail]?.name;
  if (name === undefined) return 'mode';
  const { flat, nested } = written(name);
  const [fromFlat] = [...flat.filter((one) => one === field), ...flat.filter(isThreshold)];
  if (fromFlat !== undefined) return fromFlat;
  const [fromNested] = [...nested.filter((one) => one === field), ...nested.filter(isThreshold)];
  return fromNested === undefined ? 'mode' : `guardrails.${name}.${fromNested}`;
}

function isThreshold(field: string): boolean {
  return /^(?:promote|rollback)(?:Above|Below)$/.test(field);
}

function readConfidence(value: unknown, current: number, errors: FieldError[]): number {
  if (isAbsent(value)) return current;
  const parsed = parseWith(confidenceField(), value, { at: 'confidence' });
  if (parsed.ok) return parsed.value;
  errors.push(...parsed.errors);
  return current;
}

function readMode(value: unknown, current: Policy['mode'], errors: FieldError[]): Policy['mode'] {
  if (isAbsent(value)) return current;
  if (value === 'evidence' || value === 'threshold') return value;
  errors.push({ path: 'mode', message: `expected "evidence" or "threshold", got ${quote(value)}` });
  return current;
}

function readNested(
  policy: Policy,
  overrides: Readonly<Record<string, unknown>> | undefined,
  errors: FieldError[],
): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const nested = new Map<string, Readonly<Record<string, unknown>>>();
  const names = policy.guardrails.map((settings) => settings.name);
  for (const [name, fields] of Object.entries(overrides ?? {})) {
    const path = `guardrails.${name}`;
    if (!names.includes(name)) {
      errors.push({
        path,
        message: `the policy "${policy.name}" has no such guardrail; ${suggestName(name, names)}`,
      });
    } else if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
      errors.push({ path, message: `expected an object of settings, got ${quote(fields)}` });
    } else {
      nested.set(name, present(fields as Readonly<Record<string, unknown>>));
    }
  }
  return nested;
}

function applyOverrides(
  settings: GuardrailSettings,
  overrides: Readonly<Record<string, unknown>>,
  at: string,
  errors: FieldError[],
): GuardrailSettings {
  if (Object.keys(overrides).length === 0) return settings;
  const fixed = fixedFields.filter((field) => field in overrides);
  for (const field of fixed) {
    errors.push({
      path: at === '' ? field : `${at}.${field}`,
      message: 'cannot be changed by a request; change the policy instead',
    });
  }
  if (fixed.length > 0) return settings;
  const parsed = parseGuardrail({ ...asWritten(settings), ...overrides }, at);
  if (parsed.ok) return parsed.value;
  errors.push(...parsed.errors.map((error) => ({ ...error, path: error.path.replace(/^\./, '') })));
  return settings;
}

/** Parsed settings under the names in which they are written; numbers are in units that parse as themselves. */
function asWritten(settings: GuardrailSettings): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(settings).map(([field, value]) => [field.replace(/Seconds$/, ''), value as unknown]),
  );
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === '';
}

function present(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isAbsent(value)));
}
