import type { Config } from '../../config/config.js';
import { suggestName } from '../../domain/nearest-name.js';
import { parseWith, quote } from '../../domain/parsing.js';
import type { FieldError } from '../../domain/errors.js';
import type { Policy } from '../../domain/policy.js';
import { failure, success, type Result } from '../../domain/result.js';
import { overridePolicy, plannedTraffic, readQualities, type PlanQuestion } from '../../judge/index.js';
import { latencyBoundsMs } from '../../sources/index.js';
import { visiblePolicies, type Caller } from '../access/index.js';
import { withoutEmpty } from '../http/without-empty.js';
import { planArgumentsSchema } from '../schemas/plan-request.js';
import { splitArguments } from '../verdict/split-arguments.js';
import { tooManyFields } from '../verdict/too-many-fields.js';

/** A policy and what is asked about it. */
export interface PlanRequest {
  readonly policy: Policy;
  readonly question: PlanQuestion;
}

const named = Object.keys(planArgumentsSchema.shape);

/**
 * Reads the body of a request for a plan; fails with the path of every field that cannot be used, and tells no names but
 * those that the caller may know.
 */
export function readPlanRequest(
  config: Config,
  values: Readonly<Record<string, unknown>>,
  caller: Caller,
): Result<PlanRequest> {
  const tooMany = tooManyFields(values);
  if (tooMany !== undefined) return failure([tooMany]);
  const isSetting = (key: string) => !named.includes(key) && (key === 'guardrails' || key.includes('.'));
  const entries = Object.entries(withoutEmpty(values));
  const settings = splitArguments(Object.fromEntries(entries.filter(([key]) => isSetting(key))));
  const given = parseWith(
    planArgumentsSchema,
    Object.fromEntries(entries.filter(([key]) => !isSetting(key))),
  );
  const errors = [...(given.ok ? [] : given.errors), ...settings.errors];
  if (!given.ok || errors.length > 0) return failure(errors);
  const { policy: name = 'default', confidence, mode, healthy, faulty, within } = given.value;
  const found = config.policies.get(name);
  if (found === undefined) return failure([unknownPolicy(name, visiblePolicies(config, caller, 'read'))]);
  const policy = overridePolicy(found, { confidence, mode, guardrails: settings.byGuardrail });
  if (!policy.ok) return policy;
  const qualities = readQualities(policy.value, {
    ...(healthy === undefined ? {} : { healthy }),
    ...(faulty === undefined ? {} : { faulty }),
  });
  const traffic = plannedTraffic(given.value, {
    latencyBoundsMs: given.value.latencyBoundsMs ?? latencyBoundsMs,
    ...(given.value.routing === undefined ? {} : { routing: given.value.routing }),
  });
  if (!qualities.ok || !traffic.ok) {
    return failure([qualities, traffic].flatMap((read) => (read.ok ? [] : read.errors)));
  }
  return success({
    policy: policy.value,
    question: {
      traffic: traffic.value,
      qualities: qualities.value,
      ...(within === undefined ? {} : { withinSeconds: within }),
    },
  });
}

function unknownPolicy(name: string, known: readonly string[]): FieldError {
  return {
    path: 'policy',
    message: `there is no policy ${quote(name)}; ${suggestName(name, known)}`,
  };
}
