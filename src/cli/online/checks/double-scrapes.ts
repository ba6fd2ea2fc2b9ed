import { keyOf } from '../../../sources/prometheus/counting/sampled-series.js';
import { error, type CheckResult } from '../finding.js';
import { processOf, seriesOf, type ProbedModel } from '../probed-model.js';
import { listed } from '../words.js';

type Labels = Readonly<Record<string, string>>;

/** Labels that say how a pod is scraped, not what it is. */
const ofScrape = ['job', 'instance', 'endpoint', 'service', 'metrics_path', 'scheme'];

/** Start times further apart than this are of two processes, milliseconds. */
const sameStartMs = 2000;

/** Whether the same process is scraped twice: by two jobs, or at two ports that show the same counters. */
export function checkDoubleScrapes(model: ProbedModel): readonly CheckResult[] {
  const left = new Set([...ofScrape, ...model.queries.replicaLabels]);
  const groups = new Map<string, Labels[]>();
  for (const { labels } of seriesOf(model, 'requests') ?? []) {
    const names = Object.keys(labels)
      .filter((name) => !left.has(name))
      .sort();
    // Without the name of a pod only the address says that it is the same process.
    const place = labels['pod'] === undefined ? (labels['instance'] ?? '') : '';
    const key = `${names.join(',')}\0${keyOf(names, labels)}\0${place}`;
    groups.set(key, [...(groups.get(key) ?? []), labels]);
  }
  const twice = [...groups.values()].find((group) => isSameProcess(model, group));
  if (twice === undefined) return [];
  const [example = {}] = twice;
  const jobs = twice.map(({ job = '', instance = '' }) => `${job} at ${instance}`);
  return [
    error(
      'targets',
      `${example['pod'] ?? example['instance'] ?? ''} is scraped more than once (${listed(jobs)}): every request of it counts as often`,
      'have only one job scrape it, or choose one with where: { job: … }; where these are different processes, let a label such as container tell them apart',
    ),
  ];
}

/** Several scrapes with the same counters, unless their processes are known to have begun at different times. */
function isSameProcess({ queries, starts }: ProbedModel, group: readonly Labels[]): boolean {
  if (new Set(group.map(({ job = '', instance = '' }) => `${job}\0${instance}`)).size < 2) return false;
  const known = group.flatMap((labels) => starts.get(processOf(queries, labels)) ?? []);
  return known.length < group.length || Math.max(...known) - Math.min(...known) <= sameStartMs;
}
