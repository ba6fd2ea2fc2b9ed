import { keyOf } from '../../../sources/prometheus/counting/sampled-series.js';
import { error, type CheckResult } from '../finding.js';
import { seriesOf, type ProbedModel } from '../probed-model.js';
import { listed } from '../words.js';

type Labels = Readonly<Record<string, string>>;

/** Labels that say how a pod is scraped, not what it is. */
const ofScrape = ['job', 'instance', 'endpoint', 'service', 'metrics_path', 'scheme'];

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
  const twice = [...groups.values()].find((group) => scrapesIn(group).size > 1);
  if (twice === undefined) return [];
  const [example = {}] = twice;
  const pod = example['pod'] ?? example['instance'] ?? '';
  const jobs = twice.map(({ job = '', instance = '' }) => `${job} at ${instance}`);
  return [
    error(
      'targets',
      `${pod} is scraped more than once (${listed(jobs)}): every request of it counts as often`,
      'have only one job scrape it, or choose one with where: { job: … }',
    ),
  ];
}

/** Jobs at one address, or addresses of one pod. */
function scrapesIn(group: readonly Labels[]): ReadonlySet<string> {
  return new Set(group.map(({ job = '', instance = '' }) => `${job}\0${instance}`));
}
