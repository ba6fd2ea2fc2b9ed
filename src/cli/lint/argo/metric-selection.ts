import type { Field } from '../files/field.js';
import { goRegExp } from './go-reg-exp.js';

/** An entry of `dryRun` or `measurementRetention`: it chooses metrics by a regular expression. */
export interface MetricSelection {
  readonly field: Field;
  readonly pattern: string;
}

export function selections(list: Field): readonly MetricSelection[] {
  return list.items().flatMap((field) => {
    const pattern = field.at('metricName').text;
    return pattern === undefined ? [] : [{ field: field.at('metricName'), pattern }];
  });
}

/** Whether it can be told what an entry chooses. */
export function isReadable({ pattern }: MetricSelection): boolean {
  return goRegExp(pattern) !== undefined;
}

/** Whether an entry chooses a metric; what cannot be read chooses nothing. The pattern need not match the whole name. */
export function selects({ pattern }: MetricSelection, name: string): boolean {
  return goRegExp(pattern)?.test(name) === true;
}
