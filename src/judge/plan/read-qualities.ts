import type { FieldError } from '../../domain/errors.js';
import { suggestName } from '../../domain/nearest-name.js';
import { parseWith } from '../../domain/parsing.js';
import type { Policy } from '../../domain/policy.js';
import { failure, success, type Result } from '../../domain/result.js';
import { guardrailKind } from '../guardrails/index.js';
import type { PlanQualities } from './plan-qualities.js';

/** No name that somebody gives to a guardrail is longer: what is not known may be anything. */
const longestName = 253;

/** Qualities by guardrail as a person gives them: `{ "error-rate": "0.3%" }`. */
export type WrittenQualities = Readonly<Record<string, unknown>>;

/**
 * Reads the qualities that a plan is to assume, each in the unit of its guardrail. Fails with every name that the policy
 * does not have and every value that cannot be read.
 */
export function readQualities(
  policy: Policy,
  written: { readonly healthy?: WrittenQualities; readonly faulty?: WrittenQualities },
): Result<PlanQualities> {
  const errors: FieldError[] = [];
  const read = (health: 'healthy' | 'faulty') => {
    const qualities = new Map<string, number>();
    for (const [name, value] of Object.entries(written[health] ?? {})) {
      const path = `${health}.${name.slice(0, longestName)}`;
      const settings = policy.guardrails.find((guardrail) => guardrail.name === name);
      if (settings === undefined) {
        const names = policy.guardrails.map((guardrail) => guardrail.name);
        errors.push({
          path,
          message: `the policy "${policy.name}" has no such guardrail; ${suggestName(name, names)}`,
        });
        continue;
      }
      const quality = parseWith(guardrailKind(settings.kind).planning.qualityField(), value, { at: path });
      if (quality.ok) qualities.set(name, quality.value);
      else errors.push(...quality.errors);
    }
    return qualities;
  };
  const qualities = { healthy: read('healthy'), faulty: read('faulty') };
  return errors.length > 0 ? failure(errors) : success(qualities);
}
