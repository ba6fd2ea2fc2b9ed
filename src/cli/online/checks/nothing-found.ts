import { selectorText, stringLiteral } from '../../../sources/prometheus/signals/selector.js';
import type {
  CounterSelection,
  Matcher,
  VersionSelection,
} from '../../../sources/prometheus/signals/signal.js';
import type { Asking } from '../asking.js';
import type { CheckResult, FindingLevel } from '../finding.js';
import { labelList } from '../label-list.js';
import { listed, metricNames } from '../words.js';

/** Series that were looked for and not found. */
export interface Missing {
  readonly check: string;
  readonly level: FindingLevel;
  readonly selection: CounterSelection;
  readonly version: VersionSelection;
}

/** Says why there are no series: no such metric, nothing scraped now, or which condition leaves none. */
export async function explainNothing(
  asking: Asking,
  { check, level, selection, version }: Missing,
): Promise<CheckResult> {
  const { metrics, where } = selection;
  const name = metricNames(metrics);
  const all = selectorText(metrics, []);
  const result = (found: string, fix: string): CheckResult => ({ level, check, found, fix });
  if (!(await asking.has(all))) {
    return (await asking.hadInLastDay(all))
      ? result(
          `${name}: no sample now, though there were some within the last day`,
          'look at the targets of the server: they are not running, or not scraped any more',
        )
      : result(
          `${name}: the server has no such metric`,
          'check the name, that the pods export it, and that they are scraped; presets and their metrics are in docs/reference/presets.md',
        );
  }
  for (const matcher of where) {
    if (await asking.has(selectorText(metrics, [matcher]))) continue;
    const values = await labelValues(asking, all, matcher.label);
    return result(
      `${name} is there, but no series with ${matcherText(matcher)}: ${valuesText(matcher.label, values)}`,
      `correct the condition on ${matcher.label} in where${matcher.label.includes('namespace') ? ', or name the namespace with --namespace' : ''}, or have the scrape give the label`,
    );
  }
  if (!(await asking.has(selectorText(metrics, where)))) {
    return result(
      `${name} is there, but no series fits all of ${where.map(matcherText).join(', ')}`,
      'correct the conditions in where: each of them has series, together they have none',
    );
  }
  return result(
    `${name} is there, but not for the versions by the label ${version.label}`,
    `have the scrape give ${version.label} to these series too`,
  );
}

/** A condition as people write it in the query language. */
export function matcherText({ label, operator, value }: Matcher): string {
  return `${label}${operator}${stringLiteral(value)}`;
}

async function labelValues(asking: Asking, selector: string, label: string): Promise<readonly string[]> {
  const groups = await asking.instant(`count by (${labelList([label])}) (${asking.lastOf(selector)})`);
  return groups.flatMap(({ labels }) => labels[label] ?? []).filter((value) => value !== '');
}

function valuesText(label: string, values: readonly string[]): string {
  return values.length === 0 ? `none has the label ${label}` : `${label} is ${listed(values)}`;
}
