import { suggestName } from '../../../domain/nearest-name.js';
import { parseWith, quote } from '../../../domain/parsing.js';
import type { Policy } from '../../../domain/policy.js';
import { overridePolicy } from '../../../judge/index.js';
import { verdictArgumentsSchema } from '../../../server/schemas/verdict-arguments.js';
import { splitArguments } from '../../../server/verdict/split-arguments.js';
import type { Severity } from '../finding.js';
import type { PolicyBook } from '../rule.js';
import type { AskedRequest } from './request.js';

/** Something that the service would answer with a hold for. */
export interface RequestProblem {
  readonly path: string;
  readonly message: string;
  readonly severity: Severity;
}

/** What the service would make of a question. */
export interface JudgedRequest {
  readonly problems: readonly RequestProblem[];
  /** The one that would judge, with the changes of the question; undefined where it is not known. */
  readonly policy: Policy | undefined;
  readonly guardrail: string | undefined;
  readonly promoteWith: 'self' | 'all';
}

/** What stands for names that come only with a run. */
const nameOfRun = 'name-of-the-run';

/** Reads a question as the service would. What is not known is taken for right. */
export function judgeRequest(request: AskedRequest, policies: PolicyBook): JudgedRequest {
  const { values, unknown } = request;
  const split = splitArguments(values);
  const names = ['model', 'canary', 'stable', 'namespace'].filter((name) => unknown.has(name));
  const named = { ...split.named, ...Object.fromEntries(names.map((name) => [name, nameOfRun])) };
  const given = parseWith(verdictArgumentsSchema, named);
  const problems: RequestProblem[] = [...(given.ok ? [] : given.errors), ...split.errors].map(
    ({ path, message }) => ({ path, message, severity: 'error' }),
  );
  const text = (name: string) => {
    const value = split.named[name];
    return typeof value === 'string' ? value : undefined;
  };
  const guardrail = text('guardrail');
  const judged = {
    guardrail,
    promoteWith: text('promoteWith') === 'all' ? ('all' as const) : ('self' as const),
  };
  if (unknown.has('policy')) return { ...judged, problems, policy: undefined };
  const policyName = text('policy') ?? '';
  const policy = policies.find(policyName, text('namespace') ?? 'default', text('model') ?? '');
  // Without a config the service may know more than what is built in.
  const severity = policies.fromConfig ? 'error' : 'warning';
  if (policy === undefined) {
    const message = `there is no policy ${quote(policyName)}; ${suggestName(policyName, policies.names)}`;
    return { ...judged, problems: [...problems, { path: 'policy', message, severity }], policy };
  }
  const known = policy.guardrails.map(({ name }) => name);
  const unknownNames = [
    ...(guardrail === undefined ? [] : [{ path: 'guardrail', name: guardrail }]),
    ...Object.keys(split.byGuardrail).map((name) => ({ path: `guardrails.${name}`, name })),
  ].filter(({ name }) => !known.includes(name));
  for (const { path, name } of unknownNames) {
    const message = `the policy "${policy.name}" has no guardrail ${quote(name)}; ${suggestName(name, known)}`;
    problems.push({ path, message, severity });
  }
  const strange = new Set(unknownNames.map(({ name }) => name));
  const changed = overridePolicy(
    policy,
    {
      confidence: given.ok ? given.value.confidence : undefined,
      mode: given.ok ? given.value.mode : undefined,
      flat: guardrail !== undefined && strange.has(guardrail) ? {} : split.flat,
      guardrails: Object.fromEntries(
        Object.entries(split.byGuardrail).filter(([name]) => !strange.has(name)),
      ),
    },
    guardrail,
  );
  if (!changed.ok && !unknown.has('guardrail')) {
    // What the arguments have wrong is wrong of the policy as well.
    const told = new Set(problems.map(({ path }) => path));
    const more = changed.errors.filter(({ path }) => !told.has(path));
    problems.push(...more.map(({ path, message }) => ({ path, message, severity: 'error' as const })));
  }
  return { ...judged, problems, policy: changed.ok ? changed.value : policy };
}
