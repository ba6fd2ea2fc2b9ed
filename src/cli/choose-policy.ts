import { readFileSync } from 'node:fs';
import { loadConfig, parseYamlText, type ConfigOrigins } from '../config/index.js';
import type { FieldError } from '../domain/errors.js';
import { suggestName } from '../domain/nearest-name.js';
import { quote } from '../domain/parsing.js';
import type { Policy } from '../domain/policy.js';
import { failure, success, type Result } from '../domain/result.js';
import { overridePolicy, parsePolicy } from '../judge/index.js';
import { reasonOfFileError } from './file-error.js';

/** How a command line names a policy and what it changes of it. */
export interface PolicyChoice {
  /** A name, or a file where it has a slash or ends in .yaml, .yml or .json. */
  readonly policy?: string | undefined;
  readonly config?: string | undefined;
  readonly guardrail?: string | undefined;
  readonly confidence?: string | undefined;
  readonly mode?: string | undefined;
  /** `guardrail.field=value`, or `field=value` beside a guardrail. */
  readonly set?: readonly string[] | undefined;
}

/** The policy that a command judges with. Fails with every field that is wrong. */
export function choosePolicy(choice: PolicyChoice, env: NonNullable<ConfigOrigins['env']>): Result<Policy> {
  const name = choice.policy ?? 'default';
  const chosen = isFile(name) ? policyFromFile(name) : policyByName(name, choice.config, env);
  if (!chosen.ok) return chosen;
  const overrides = splitAssignments(choice.set ?? [], choice.guardrail !== undefined);
  if (!overrides.ok) return overrides;
  return overridePolicy(
    chosen.value,
    { confidence: choice.confidence, mode: choice.mode, ...overrides.value },
    choice.guardrail,
  );
}

function isFile(name: string): boolean {
  return name.includes('/') || /\.(ya?ml|json)$/i.test(name);
}

function policyByName(
  name: string,
  config: string | undefined,
  env: NonNullable<ConfigOrigins['env']>,
): Result<Policy> {
  const loaded = loadConfig({ file: config, env: withoutDatabase(env), toServe: false });
  if (!loaded.ok) return loaded;
  const policy = loaded.value.policies.get(name);
  if (policy !== undefined) return success(policy);
  return refuse(
    '--policy',
    `there is no policy ${quote(name)}; ${suggestName(name, [...loaded.value.policies.keys()])}`,
  );
}

/** Judging a file needs no database, whatever the environment says of one. */
function withoutDatabase(env: NonNullable<ConfigOrigins['env']>): NonNullable<ConfigOrigins['env']> {
  return { ...env, DATABASE_URL: undefined };
}

/** A file with one policy: bare, or under `policies` (its only entry, or the one named `default`). */
function policyFromFile(file: string): Result<Policy> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(file, reasonOfFileError(error));
  }
  const parsed = parseYamlText(text);
  if (!parsed.ok) return failure(parsed.errors.map((error) => ({ ...error, path: file })));
  const { value, lineOf } = parsed.value;
  const found = pickPolicy(value, file);
  if (!found.ok) return found;
  const { raw, name, at } = found.value;
  const policy = parsePolicy(raw, name, at);
  if (policy.ok) return policy;
  return failure(
    policy.errors.map((error) => {
      const line = lineOf(error.path);
      return {
        path: error.path === '' ? file : `${file}: ${error.path}`,
        message: error.message + (line === undefined ? '' : ` (line ${line})`),
      };
    }),
  );
}

interface PickedPolicy {
  readonly raw: unknown;
  readonly name: string;
  readonly at: string;
}

function pickPolicy(value: unknown, file: string): Result<PickedPolicy> {
  const bare = file.replace(/^.*\//, '').replace(/\.(ya?ml|json)$/i, '');
  if (typeof value !== 'object' || value === null || !('policies' in value)) {
    return success({ raw: value, name: bare, at: '' });
  }
  const given = value.policies;
  if (
    typeof given !== 'object' ||
    given === null ||
    Array.isArray(given) ||
    Object.keys(given).length === 0
  ) {
    return refuse(`${file}: policies`, `expected policies by name, got ${quote(given)}`);
  }
  const policies = Object.entries(given) as readonly (readonly [string, unknown])[];
  const chosen = policies.length === 1 ? policies[0] : policies.find(([name]) => name === 'default');
  if (chosen === undefined) {
    const names = policies.map(([name]) => name).join(', ');
    return refuse(
      file,
      `expected one policy or one named default, got ${policies.length} (${names}); put them into a config and name one`,
    );
  }
  return success({ raw: chosen[1], name: chosen[0], at: `policies.${chosen[0]}` });
}

function splitAssignments(
  assignments: readonly string[],
  oneGuardrail: boolean,
): Result<{
  readonly flat: Readonly<Record<string, string>>;
  readonly guardrails: Readonly<Record<string, Readonly<Record<string, string>>>>;
}> {
  // Maps, since the names are the caller's.
  const flat = new Map<string, string>();
  const guardrails = new Map<string, Map<string, string>>();
  const errors: FieldError[] = [];
  for (const assignment of assignments) {
    const match = /^(?:([^=]+)\.)?([^=.]+)=(.*)$/.exec(assignment);
    if (match?.[2] === undefined) {
      errors.push({ path: '--set', message: `expected guardrail.field=value, got ${quote(assignment)}` });
      continue;
    }
    const [, guardrail, field, value = ''] = match;
    if (guardrail !== undefined) {
      guardrails.set(guardrail, (guardrails.get(guardrail) ?? new Map<string, string>()).set(field, value));
    } else if (oneGuardrail) {
      flat.set(field, value);
    } else {
      errors.push({
        path: '--set',
        message: `expected guardrail.field=value where no --guardrail is named, got ${quote(assignment)}`,
      });
    }
  }
  if (errors.length > 0) return failure(errors);
  return success({
    flat: Object.fromEntries(flat),
    guardrails: Object.fromEntries(
      [...guardrails].map(([name, fields]) => [name, Object.fromEntries(fields)]),
    ),
  });
}

function refuse<T>(path: string, message: string): Result<T> {
  return failure([{ path, message }]);
}
