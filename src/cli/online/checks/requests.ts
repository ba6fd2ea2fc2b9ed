import { ok, warning, type CheckResult } from '../finding.js';
import { seriesOf, targetCount, type ProbedModel } from '../probed-model.js';
import { counted, listed, metricNames } from '../words.js';

/** How many series there are, of how many targets and which versions. */
export function checkRequests(model: ProbedModel): readonly CheckResult[] {
  const series = seriesOf(model, 'requests') ?? [];
  if (series.length === 0) return [];
  const { requests } = model.queries.signals;
  const ofVersions = model.versions.map((version) => {
    const own = series.filter(({ labels }) => model.versionOf(labels) === version);
    return `${version} (${counted(targetCount(model, own), 'target')})`;
  });
  const { metrics } = requests.plus;
  const absent = metrics.filter((metric) => series.every(({ labels }) => labels['__name__'] !== metric));
  return [
    ok(
      'requests',
      `${counted(series.length, 'series')} of ${metricNames(metrics)}, ${counted(targetCount(model, series), 'target')}: ${ofVersions.join(', ')}`,
    ),
    ...(absent.length === 0
      ? []
      : [
          warning(
            'requests',
            `no series of ${listed(absent)}: what it counts is taken for nothing`,
            'check that this is so because nothing has happened yet, and not because it is called otherwise',
          ),
        ]),
  ];
}
