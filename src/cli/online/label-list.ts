import { stringLiteral } from '../../sources/prometheus/signals/selector.js';

/** Labels as they stand behind `by` and `on`. */
export function labelList(labels: readonly string[]): string {
  return labels.map((label) => (/^[a-zA-Z_]\w*$/.test(label) ? label : stringLiteral(label))).join(', ');
}
