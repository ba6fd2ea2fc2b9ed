import type { Field } from '../files/field.js';

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

/** Whether an entry chooses a metric; a pattern that is none chooses nothing. Like Go's, it need not match the whole name. */
export function selects({ pattern }: MetricSelection, name: string): boolean {
  try {
    return new RegExp(pattern).test(name);
  } catch {
    return false;
  }
}
