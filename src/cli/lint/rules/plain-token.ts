import type { Argument } from '../argo/argument.js';
import type { Metric } from '../argo/metric.js';
import { placeholdersIn } from '../argo/placeholders.js';
import type { Field } from '../files/field.js';
import type { Problem } from '../finding.js';
import type { Rule } from '../rule.js';

export const plainToken: Rule = {
  name: 'plain-token',
  severity: 'warning',
  what: 'the token does not come from a Secret: whoever reads the manifest has it',
  of: 'metric',
  check: ({ metric, template }) =>
    secretTexts(metric).flatMap((field) => {
      const args = argumentsIn(field);
      const fromText = template.args.find((arg) => args.includes(arg.name) && isWritten(arg));
      return args.length > 0 && fromText === undefined ? [] : [told(fromText?.field ?? field)];
    }),
};

/** A text that is given goes before the Secret of the template. */
export const givenToken: Rule = {
  name: 'given-token',
  severity: 'warning',
  what: 'the same of a token that a Rollout gives, over the Secret of the template',
  of: 'use',
  check(use) {
    const args = use.metrics
      .filter(({ callsVerdict }) => callsVerdict)
      .flatMap((metric) => secretTexts(metric).flatMap(argumentsIn));
    return use.args
      .filter((arg) => args.includes(arg.name) && isWritten(arg))
      .map(({ field }) => told(field));
  },
};

/** What authenticates the question, where it is written. */
function secretTexts(metric: Metric): readonly Field[] {
  const headers = metric.web
    .at('headers')
    .items()
    .filter((header) => header.at('key').text?.toLowerCase() === 'authorization')
    .map((header) => header.at('value'));
  return [...headers, metric.web.at('authentication', 'oauth2', 'clientSecret')].filter(
    ({ text = '' }) => text.trim() !== '',
  );
}

function argumentsIn({ text = '' }: Field): readonly (string | undefined)[] {
  return placeholdersIn(text).map(({ arg }) => arg);
}

function isWritten({ from, value }: Argument): boolean {
  return from === 'value' && value !== '';
}

function told(field: Field): Problem {
  return {
    field,
    message:
      'the token stands in the manifest: whoever reads it, or the AnalysisRun, can ask and send in its name',
    fix: `declare an argument with valueFrom: { secretKeyRef: { name: ml-verdict-token, key: token } } and write 'Bearer {{ args.token }}'`,
  };
}
