import { keyOf } from '../../../sources/prometheus/counting/sampled-series.js';
import { error, ok, type CheckResult } from '../finding.js';
import { seriesOf, type ProbedModel } from '../probed-model.js';
import { listed } from '../words.js';

type Labels = Readonly<Record<string, string>>;

const check = 'collectors';

/** Names that people give the labels of a pair of servers which scrape the same targets. */
const likeReplica = /replica|prometheus|scraper|^collector$|^monitor$/i;

/** Whether several servers scrape the same targets, and whether the config knows by which label. */
export function checkCollectors(model: ProbedModel): readonly CheckResult[] {
  const series = (seriesOf(model, 'requests') ?? []).map(({ labels }) => labels);
  const { replicaLabels } = model.queries;
  const names = [...new Set(series.flatMap((labels) => Object.keys(labels)))];
  const unknown = names.filter((name) => !replicaLabels.includes(name) && likeReplica.test(name));
  const valuesOf = (name: string) => valuesBeside(name, replicaLabels, series);
  return [
    ...replicaLabels.flatMap((name) => {
      const values = valuesOf(name);
      return values.size < 2
        ? []
        : [ok(check, `${listed(values)} have the same series, told by ${name}: each counts once`)];
    }),
    ...unknown.flatMap((name) => {
      const values = valuesOf(name);
      if (values.size < 2) return [];
      return [
        error(
          check,
          `there are series that differ in nothing but ${name} (${listed(values)}): if these are collectors of the same targets, every request counts several times`,
          `set replicaLabels: [${[...replicaLabels, name].join(', ')}]`,
        ),
      ];
    }),
  ];
}

/** The values of a label among series that differ in nothing else but labels of collectors. */
function valuesBeside(
  name: string,
  replicaLabels: readonly string[],
  series: readonly Labels[],
): ReadonlySet<string> {
  const left = new Set([...replicaLabels, name]);
  const groups = new Map<string, Set<string>>();
  for (const labels of series) {
    const others = Object.keys(labels)
      .filter((other) => !left.has(other))
      .sort();
    const key = `${others.join(',')}\0${keyOf(others, labels)}`;
    const values = groups.get(key) ?? new Set<string>();
    groups.set(key, values.add(labels[name] ?? ''));
  }
  return new Set([...groups.values()].flatMap((values) => (values.size > 1 ? [...values] : [])));
}
