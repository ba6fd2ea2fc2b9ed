import type { Field } from '../files/field.js';
import type { Problem } from '../finding.js';
import type { Rule } from '../rule.js';

const effect = 'the API server refuses the object: only text may stand here';

function unlessText(fields: readonly Field[]): readonly Problem[] {
  return fields.flatMap((field) => {
    if (!field.exists || field.text !== undefined) return [];
    const written = field.plainText;
    const fix = written === undefined ? 'write a text' : `put it in quotes: '${written}'`;
    return [{ field, message: `${written ?? 'this'} is no text; ${effect}`, fix }];
  });
}

/** Values that YAML reads as numbers or booleans where the CRD wants text. */
export const notText: Rule = {
  name: 'not-text',
  severity: 'error',
  what: 'a value of a template without quotes, where only text is allowed',
  of: 'template',
  check: (template) =>
    unlessText([
      ...template.args.map(({ field }) => field.at('value')),
      ...template.verdictMetrics.flatMap(({ field, web }) => [
        ...['interval', 'initialDelay', 'successCondition', 'failureCondition'].map((name) => field.at(name)),
        ...['url', 'method', 'body', 'jsonPath'].map((name) => web.at(name)),
        ...web
          .at('headers')
          .items()
          .map((header) => header.at('value')),
      ]),
    ]),
};

/** The same for the arguments that a Rollout or an Experiment gives. */
export const argumentNotText: Rule = {
  name: 'argument-not-text',
  severity: 'error',
  what: 'an argument of a Rollout without quotes, where only text is allowed',
  of: 'use',
  check: ({ args }) => unlessText(args.map(({ field }) => field.at('value'))),
};
