import { formatInstant } from '../../../domain/units.js';
import { selectorText } from '../../../sources/prometheus/signals/selector.js';
import type { Asking } from '../asking.js';
import { error, ok, warning, type CheckResult } from '../finding.js';
import { processOf, seriesOf, type ProbedModel } from '../probed-model.js';
import { counted } from '../words.js';

const check = 'startTime';

/** A start before this is no instant in seconds since 1970, but a time span or another unit. */
const earliestMs = Date.parse('2010-01-01T00:00:00Z');
const hourMs = 3_600_000;

/** Whether the start of every process is told, so that what a new pod counted before its first scrape counts. */
export async function checkStartTime(asking: Asking, model: ProbedModel): Promise<readonly CheckResult[]> {
  const { startTime, aggregated } = model.queries;
  const series = seriesOf(model, 'requests') ?? [];
  if (series.length === 0 || aggregated) return [];
  const { metric, on } = startTime;
  const processes = new Set(series.map(({ labels }) => processOf(model.queries, labels)));
  const told = [...processes].filter((process) => model.starts.has(process));
  const wrong = told
    .map((process) => model.starts.get(process) ?? 0)
    .find((startMs) => !isPlausible(startMs, model));
  if (wrong !== undefined) {
    return [
      error(
        check,
        `${metric} says that a process began ${startText(wrong)}`,
        'set startTime to a metric that tells the start in seconds since 1970',
      ),
    ];
  }
  const left = `of ${counted(processes.size - told.length, 'process')}`;
  if (told.length === processes.size) {
    return [ok(check, `${metric} tells when each process began, on ${on.join(', ')}`)];
  }
  if (await hasCreated(asking, model)) {
    return [ok(check, 'the counters have series _created, which tell when each of them began')];
  }
  const cost = 'the requests that a new pod has served before its first scrape do not count';
  const isThere = await asking.has(selectorText([metric], []));
  return [
    warning(
      check,
      isThere
        ? `${metric} is there, but not ${left} by the labels ${on.join(', ')}: ${cost}`
        : `there is no ${metric}: ${cost}`,
      isThere
        ? 'set startTime.on to labels that the metric shares with the counters'
        : 'let the pods export it (client libraries do), or, where kube-state-metrics is scraped, set startTime: { metric: kube_pod_container_state_started, on: [namespace, pod, container] }',
    ),
  ];
}

/** Series beside the counters of requests that tell when each of them began. */
function hasCreated(asking: Asking, { queries }: ProbedModel): Promise<boolean> {
  const { metrics, where } = queries.signals.requests.plus;
  const created = metrics.map((metric) => `${metric.replace(/_(?:count|sum|total)$/, '')}_created`);
  return asking.has(selectorText(created, where));
}

function isPlausible(startMs: number, { nowMs }: ProbedModel): boolean {
  return startMs >= earliestMs && startMs <= nowMs + hourMs;
}

function startText(startMs: number): string {
  const isDate = Math.abs(startMs) <= 8.64e15;
  return isDate ? `at ${formatInstant(startMs)}` : `${startMs / 1000} s after 1970`;
}
