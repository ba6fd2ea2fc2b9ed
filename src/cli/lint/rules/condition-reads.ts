import type { Verdict } from '../../../domain/verdict.js';
import type { Condition } from '../conditions/condition.js';
import { followJsonPath } from '../conditions/json-path.js';
import { MeasurementError } from '../conditions/measurement-error.js';
import { parseCondition } from '../conditions/parse-condition.js';
import { sampleAnswers } from '../conditions/sample-answers.js';
import type { Problem } from '../finding.js';
import type { Rule, VerdictMetric } from '../rule.js';

/** Both conditions are tried on answers of every verdict. */
export const conditionReads: Rule = {
  name: 'condition-reads',
  severity: 'error',
  what: 'a condition reads the wrong entry: it is true for another verdict, never true, or an Error',
  of: 'metric',
  check: (subject) => [...checkCondition(subject, 'success'), ...checkCondition(subject, 'failure')],
};

const meant = { success: 'promote', failure: 'rollback' } as const;

/** What another verdict does that a condition is true for. */
const effects: Readonly<Record<'success' | 'failure', Readonly<Record<Verdict, string>>>> = {
  success: {
    promote: '',
    hold: 'a hold promotes the canary',
    rollback: 'a rollback verdict promotes the canary',
  },
  failure: {
    promote: 'a promote aborts the rollout',
    hold: 'the first hold aborts the rollout',
    rollback: '',
  },
};

function checkCondition({ metric }: VerdictMetric, name: 'success' | 'failure'): readonly Problem[] {
  const text = name === 'success' ? metric.successCondition : metric.failureCondition;
  if (text === undefined) return [];
  const field = metric.field.at(`${name}Condition`);
  const fix = `write ${name}Condition: default(result, ["", ""])[1] == "${meant[name]}", with jsonPath: "{$.measurement}"`;
  if (/\?\.\s*\[/.test(text)) {
    const message = `"?.[" is an Error in the expression engines of Argo Rollouts: after consecutiveErrorLimit the rollout aborts`;
    return [{ field, message, fix }];
  }
  const condition = parseCondition(text);
  if (condition === undefined) {
    const message = `lint cannot tell what ${text.length > 80 ? 'this condition' : text} makes of a hold`;
    return [{ field, message, fix, severity: 'warning' }];
  }
  const path = metric.web.at('jsonPath').text ?? '{$}';
  const wrong = whatIsWrong(condition, path, name);
  return wrong === undefined ? [] : [{ field, message: `with jsonPath ${path}, ${wrong}`, fix }];
}

/** The first answer that the condition is wrong about; undefined where there is none, or json-path tells it. */
function whatIsWrong(condition: Condition, path: string, name: 'success' | 'failure'): string | undefined {
  for (const { verdict, answer, isEmpty } of sampleAnswers) {
    const result = followJsonPath(path, answer);
    if (result.kind !== 'value') return undefined;
    const found = tried(condition, result.value);
    // An Error is what Argo makes of it by itself; the service never answers nothing.
    if (isEmpty && typeof found === 'string') continue;
    if (typeof found === 'string')
      return `${found}: every such measurement is an Error, and in the end the rollout aborts`;
    if (found && verdict !== meant[name]) {
      return `it is true for ${isEmpty ? 'a measurement of null' : verdict}: ${effects[name][verdict]}`;
    }
    if (!found && verdict === meant[name]) {
      const effect =
        name === 'success' ? 'the canary is not promoted' : 'a rollback verdict does not abort the rollout';
      return `it is not true for ${verdict}: ${effect}`;
    }
  }
  return undefined;
}

/** True or false, or why the measurement would be an Error. */
function tried(condition: Condition, result: unknown): boolean | string {
  try {
    const found = condition(result);
    return typeof found === 'boolean' ? found : 'the condition is neither true nor false';
  } catch (error) {
    if (error instanceof MeasurementError) return error.message;
    throw error;
  }
}
