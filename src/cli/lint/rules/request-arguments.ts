import { askedRequest } from '../request/request.js';
import { judgeRequest, type RequestProblem } from '../request/judge-request.js';
import type { Field } from '../files/field.js';
import type { Problem } from '../finding.js';
import type { LintContext, Rule, VerdictMetric } from '../rule.js';

function effectOf({ path }: RequestProblem): string {
  if (/^(?:policy|guardrail|guardrails\.[^.]*)$/.test(path)) return 'every answer is a hold that says so';
  return 'every answer is a hold, bad-argument';
}

function problemsOf({ metric }: VerdictMetric, values: ReadonlyMap<string, string>, context: LintContext) {
  const request = askedRequest(metric, values);
  if (request === undefined) return { request, problems: [] };
  return { request, problems: judgeRequest(request, context.policies).problems };
}

function told(problem: RequestProblem, field: Field, { policies }: LintContext): Problem {
  const known = problem.severity === 'warning' && !policies.fromConfig;
  return {
    field,
    message: `${problem.path}: ${problem.message}; ${effectOf(problem)}`,
    fix: known
      ? 'mend the name; if the config of the service has it, give that to lint with --config'
      : 'write what is expected, as in a request to POST /v1/verdict',
    severity: problem.severity,
  };
}

/** The question with the defaults of its template. */
export const requestArguments: Rule = {
  name: 'request-arguments',
  severity: 'error',
  what: 'an argument of the question that the service does not know or cannot read: rates without a percent sign, slips in names',
  of: 'metric',
  check(subject, context) {
    const { metric, template } = subject;
    const { request, problems } = problemsOf(subject, template.defaults, context);
    if (request === undefined) {
      const object = metric.web.at('jsonBody');
      if (object.exists) {
        const message = 'jsonBody is no object: the API server refuses the template';
        return [{ field: object, message, fix: 'write model, canary, stable and so on as fields below it' }];
      }
      const body = metric.web.at('body');
      if (body.text === undefined || body.text.includes('{{')) return [];
      const message =
        'the body is no object of JSON: the service answers 400, every measurement is an Error, and the rollout aborts';
      return [{ field: body, message, fix: 'use jsonBody' }];
    }
    return problems.map((problem) => {
      const argument = request.templateArgument(problem.path);
      const source = template.args.find(({ name }) => name === argument);
      return told(problem, source?.field.at('value') ?? request.fieldOf(problem.path), context);
    });
  },
};

/** The same with the arguments that a Rollout gives: what the defaults have wrong already is not told again. */
export const givenArguments: Rule = {
  name: 'given-arguments',
  severity: 'error',
  what: 'the same of an argument that a Rollout gives',
  of: 'use',
  check(use, context) {
    const seen = new Set<string>();
    return use.templates.flatMap((template) =>
      template.verdictMetrics.flatMap((metric) => {
        const subject = { metric, template };
        const keyOf = ({ path, message }: RequestProblem) => `${path}: ${message}`;
        const usual = new Set(problemsOf(subject, template.defaults, context).problems.map(keyOf));
        const { request, problems } = problemsOf(subject, use.valuesFor(template), context);
        return problems.flatMap((problem) => {
          const key = keyOf(problem);
          if (usual.has(key) || seen.has(key)) return [];
          seen.add(key);
          const argument = use.argument(request?.templateArgument(problem.path));
          return [told(problem, argument?.field.at('value') ?? use.field, context)];
        });
      }),
    );
  },
};
