import { z } from 'zod';
import { confidenceField, numberField, rateField, secondsField, wholeNumberField } from '../domain/fields.js';
import { suggestName } from '../domain/nearest-name.js';
import { parseWith, quote } from '../domain/parsing.js';
import type { GuardrailSettings, Policy } from '../domain/policy.js';
import { failure, success, type Result } from '../domain/result.js';
import { guardrailKind, guardrailKinds } from './guardrails/index.js';

/** Reading policies: the general settings here, each guardrail's by its own kind. */

const marginField = () => numberField({ min: 0, max: 10 }, 'a number of standard errors from 0 to 10');

const generalFields = {
  mode: z
    .enum(['evidence', 'threshold'])
    .default('evidence')
    .describe('evidence: a verdict only once it is proven; threshold: the table to the letter, no guarantee'),
  confidence: confidenceField()
    .default(0.95)
    .describe('of promote; a lower one promotes sooner, also more of what lies between the thresholds'),
  falseRollback: rateField({ min: 0, max: 0.5, open: true })
    .default(0.05)
    .describe('rate of false rollbacks over all guardrails, looks and stages'),
  warmUp: secondsField().prefault('2m').describe("after the canary's first traffic: counted, not judged"),
  warmUpAfterWeight: secondsField().prefault('1m').describe('the same after each change of weight'),
  staleAfter: secondsField().prefault('5m').describe('without canary traffic for longer nothing is promoted'),
  sharedIncident: z
    .enum(['hold', 'rollback'])
    .default('hold')
    .describe('what an incident that hits both versions does'),
  horizonLooks: wholeNumberField({ min: 1, max: 100_000 }, 'a whole number of looks, 1 or more')
    .default(1440)
    .describe('for how many looks a late fault is watched for'),
  gateMargin: z
    .strictObject({
      rollback: marginField().default(1.645).describe('beyond the rollback threshold'),
      promote: marginField().default(0).describe('within the promote threshold'),
    })
    .prefault({})
    .describe('how far beyond its threshold an estimate must lie, in standard errors'),
  window: secondsField({ min: 1 })
    .optional()
    .describe('threshold mode only: judge this last stretch instead of everything since the start'),
};

const generalSchema = z.strictObject({ ...generalFields, guardrails: z.array(z.unknown()).min(1) });

const [firstKind, ...otherKinds] = guardrailKinds.map((kind) => kind.schema);

/** The whole schema of a policy, for the config, the OpenAPI document and the reference docs. */
export const policySchema = z.strictObject({
  ...generalFields,
  guardrails: z.array(firstKind === undefined ? z.never() : z.union([firstKind, ...otherKinds])).min(1),
});

/**
 * Reads a policy from parsed YAML or JSON.
 *
 * @param name what the policy is called; not part of the text
 * @param at path of the policy inside its file, for the errors
 */
export function parsePolicy(raw: unknown, name: string, at = ''): Result<Policy> {
  const general = parseWith(generalSchema, raw, { at });
  const rawGuardrails = rawGuardrailsOf(raw);
  const guardrails = rawGuardrails.map((guardrail, index) =>
    parseGuardrail(guardrail, `${at === '' ? '' : `${at}.`}guardrails[${index}]`),
  );
  const errors = [
    ...(general.ok ? [] : general.errors),
    ...guardrails.flatMap((parsed) => (parsed.ok ? [] : parsed.errors)),
  ];
  if (!general.ok || errors.length > 0) return failure(errors);
  const { value } = general;
  const policy: Policy = {
    name,
    mode: value.mode,
    confidence: value.confidence,
    falseRollback: value.falseRollback,
    warmUpSeconds: value.warmUp,
    warmUpAfterWeightSeconds: value.warmUpAfterWeight,
    staleAfterSeconds: value.staleAfter,
    sharedIncident: value.sharedIncident,
    horizonLooks: value.horizonLooks,
    gateMargin: value.gateMargin,
    ...(value.window === undefined ? {} : { windowSeconds: value.window }),
    guardrails: guardrails.flatMap((parsed) => (parsed.ok ? [parsed.value] : [])),
  };
  const prefix = at === '' ? '' : `${at}.`;
  const wrong = policyProblems(policy).map(({ guardrail, field, message }) => ({
    path: guardrail === undefined ? `${prefix}${field}` : `${prefix}guardrails[${guardrail}].${field}`,
    message,
  }));
  return wrong.length > 0 ? failure(wrong) : success(policy);
}

function rawGuardrailsOf(raw: unknown): readonly unknown[] {
  if (typeof raw !== 'object' || raw === null || !('guardrails' in raw)) return [];
  return Array.isArray(raw.guardrails) ? raw.guardrails : [];
}

/** Reads one guardrail by its kind; an unknown kind is refused with the nearest known name. */
export function parseGuardrail(raw: unknown, at: string): Result<GuardrailSettings> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return failure([
      { path: at, message: `expected an object with name, kind and thresholds, got ${quote(raw)}` },
    ]);
  }
  const kind: unknown = 'kind' in raw ? raw.kind : undefined;
  const known = guardrailKinds.map((definition) => definition.kind);
  if (typeof kind !== 'string' || !known.includes(kind)) {
    const help = typeof kind === 'string' ? suggestName(kind, known) : suggestName('', known);
    return failure([
      { path: `${at}.kind`, message: `expected a kind of guardrail, got ${quote(kind)}; ${help}` },
    ]);
  }
  return parseWith(guardrailKind(kind).schema, raw, { at });
}

/** Something wrong between fields: in the policy itself, or in one of its guardrails. */
export interface PolicyProblem {
  /** Index of the guardrail. */
  readonly guardrail?: number;
  readonly field: string;
  readonly message: string;
}

/** What no single field can tell: names given twice, thresholds in the wrong order, a window in evidence mode. */
export function policyProblems(policy: Policy): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const seen = new Set<string>();
  policy.guardrails.forEach((settings, guardrail) => {
    if (seen.has(settings.name)) {
      problems.push({
        guardrail,
        field: 'name',
        message: `expected every name once, got "${settings.name}" twice`,
      });
    }
    seen.add(settings.name);
    const wrong = thresholdError(settings, policy.mode) ?? guardrailKind(settings.kind).problem?.(settings);
    if (wrong !== undefined) problems.push({ guardrail, ...wrong });
  });
  if (policy.windowSeconds !== undefined && policy.mode === 'evidence') {
    problems.push({
      field: 'window',
      message:
        'expected mode: threshold beside it; evidence is judged over all looks since the canary started',
    });
  }
  return problems;
}

/** Evidence needs a gap between the thresholds; threshold mode may have both at one value. */
function thresholdError(
  guardrail: GuardrailSettings,
  mode: Policy['mode'],
): { readonly field: string; readonly message: string } | undefined {
  const thresholds = guardrailKind(guardrail.kind).thresholds(guardrail);
  const higher = 'promoteAbove' in thresholds;
  const gap = higher
    ? thresholds.promoteAbove - thresholds.rollbackBelow
    : thresholds.rollbackAbove - thresholds.promoteBelow;
  if (gap > 0 || (gap === 0 && mode === 'threshold')) return undefined;
  const need = mode === 'evidence' ? 'a gap between the limits' : 'the limits in order';
  const { name } = guardrail;
  return higher
    ? {
        field: 'rollbackBelow',
        message: `expected ${need} of ${name}: rollbackBelow less than promoteAbove, got ${thresholds.rollbackBelow} and ${thresholds.promoteAbove}`,
      }
    : {
        field: 'rollbackAbove',
        message: `expected ${need} of ${name}: rollbackAbove more than promoteBelow, got ${thresholds.rollbackAbove} and ${thresholds.promoteBelow}`,
      };
}
