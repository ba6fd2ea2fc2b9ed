/** Words that several checks use. */
import { quote } from '../../domain/parsing.js';
import { formatCount } from '../../domain/units.js';

/** So many names are listed. */
const mostNames = 12;

/** `1 series`, `3 targets`: a count with its word, which gets an s where it needs one. */
export function counted(count: number, word: string): string {
  const plural = word === 'series' ? word : word.endsWith('s') ? `${word}es` : `${word}s`;
  return `${formatCount(count)} ${count === 1 ? word : plural}`;
}

/** Names in quotes, sorted; of many the first ones. */
export function listed(names: Iterable<string>): string {
  const sorted = [...new Set(names)].sort();
  const shown = sorted.slice(0, mostNames).map((name) => quote(name));
  const more = sorted.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}

/** Metrics as a sentence names them. */
export function metricNames(metrics: readonly string[]): string {
  return metrics.join(' and ');
}
