import type { GuardrailSettings } from '../../domain/policy.js';
import type { PrometheusServer } from '../../sources/index.js';
import { keyOf } from '../../sources/prometheus/counting/sampled-series.js';
import { selectorText, stringLiteral } from '../../sources/prometheus/signals/selector.js';
import type { ModelQueries } from '../../sources/prometheus/signals/signal.js';
import { matchVersions, type ComparedVersions } from '../../sources/prometheus/signals/versions.js';
import { isNeeded } from '../prometheus-warnings.js';
import { AskFailure, Asking } from './asking.js';
import { checkOfChannel } from './check-names.js';
import { checkAggregated } from './checks/aggregated.js';
import { checkCollectors } from './checks/collectors.js';
import { checkCounters } from './checks/counters.js';
import { checkDoubleScrapes } from './checks/double-scrapes.js';
import { checkErrors } from './checks/errors.js';
import { checkLatency } from './checks/latency.js';
import { explainNothing } from './checks/nothing-found.js';
import { checkOutcome } from './checks/outcomes.js';
import { checkPrediction } from './checks/predictions.js';
import { checkRequests } from './checks/requests.js';
import { checkScrapes } from './checks/scrapes.js';
import { checkStartTime } from './checks/start-time.js';
import { checkSummary } from './checks/summary.js';
import { checkUnmeasured } from './checks/unmeasured.js';
import { checkVersions, versionValues } from './checks/versions.js';
import { error, type CheckResult } from './finding.js';
import { probeModel } from './probe-model.js';
import type { ProbedModel } from './probed-model.js';
import { anyVersionOf, comparedVersionOf } from './version-names.js';

/** What a model is checked with. */
export interface ModelCheck {
  readonly server: PrometheusServer;
  readonly queries: ModelQueries;
  readonly guardrails: readonly GuardrailSettings[];
  /** Absent: all versions that there are. */
  readonly compared?: ComparedVersions;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** Tests what is read of a model against what its server has now. */
export async function checkModel(given: ModelCheck): Promise<readonly CheckResult[]> {
  const asking = new Asking(given.server, given.signal, {
    nowMs: given.nowMs,
    scrapeIntervalMs: given.queries.scrapeIntervalMs,
  });
  try {
    return await check(asking, given);
  } catch (failure) {
    if (!(failure instanceof AskFailure)) throw failure;
    return [
      error('requests', `could not be checked: ${failure.message}`, 'check again once the server answers'),
    ];
  }
}

async function check(asking: Asking, given: ModelCheck): Promise<readonly CheckResult[]> {
  const { queries, guardrails, compared, nowMs } = given;
  const { version, signals } = queries;
  const matched = compared === undefined ? undefined : matchVersions(version, compared);
  if (matched?.ok === false) {
    const found = matched.errors.map(({ message }) => message).join('; ');
    return [error('version', found, 'correct version, or the names of the versions')];
  }
  const values = await versionValues(asking, queries);
  if (values.size === 0) {
    return [
      await explainNothing(asking, {
        check: 'requests',
        level: 'error',
        selection: signals.requests.plus,
        version,
      }),
    ];
  }
  const anyOf = anyVersionOf(version);
  const versionOf = compared === undefined ? anyOf : (comparedVersionOf(version, compared) ?? anyOf);
  const ofVersions = checkVersions(queries, values, versionOf, compared);
  const versions = [
    ...new Set([...values.keys()].flatMap((text) => versionOf({ [version.label]: text }) ?? [])),
  ].sort();
  if (versions.length === 0) return ofVersions;
  const [{ channels, failures }, starts] = await Promise.all([
    probeModel(asking, { queries, versionOf }, matched?.value.matcher),
    readStarts(asking, queries),
  ]);
  const model: ProbedModel = { queries, guardrails, nowMs, versionOf, versions, channels, starts };
  return [
    ...failures,
    ...checkRequests(model),
    ...ofVersions,
    ...checkScrapes(model),
    ...checkAggregated(model),
    ...checkDoubleScrapes(model),
    ...checkCollectors(model),
    ...(await checkStartTime(asking, model)),
    ...checkCounters(model),
    ...checkUnmeasured(model),
    ...checkErrors(model),
    ...(await absentSignals(asking, model)),
    ...(signals.latency?.kind === 'summary'
      ? [await checkSummary(asking, signals.latency, guardrails, version)]
      : checkLatency(model)),
    ...Object.entries(signals.predictions).flatMap(([name, signal]) => checkPrediction(model, name, signal)),
    ...Object.entries(signals.outcomes).flatMap(([name, signal]) => checkOutcome(model, name, signal)),
  ];
}

/** When the processes began whose requests are counted. */
async function readStarts(
  asking: Asking,
  { startTime: { metric, on }, signals, aggregated }: ModelQueries,
): Promise<ReadonlyMap<string, number>> {
  if (aggregated) return new Map();
  const { metrics, where } = signals.requests.plus;
  const labels = on.map((label) => (/^[a-zA-Z_]\w*$/.test(label) ? label : stringLiteral(label))).join(', ');
  const series = await asking.instant(
    `${asking.lastOf(selectorText([metric], []))} and on (${labels}) ${asking.lastOf(selectorText(metrics, where))}`,
  );
  return new Map(
    series.flatMap(({ labels: own, values }) => {
      const value = values.at(-1);
      return typeof value === 'number' ? [[keyOf(on, own), value * 1000] as const] : [];
    }),
  );
}

/** Signals that are named and of which nothing is there. Failures have a check of their own: there may be none yet. */
async function absentSignals(
  asking: Asking,
  { channels, queries, guardrails }: ProbedModel,
): Promise<readonly CheckResult[]> {
  const absent = channels.filter(
    ({ channel: { id }, series }) => series.length === 0 && !/^(?:requests|errors)/.test(id),
  );
  return Promise.all(
    absent.map(({ channel: { id, selection } }) => {
      const name = checkOfChannel(id);
      const [signal = ''] = name.split('.');
      const level = signal !== 'outcomes' && isNeeded(signal, guardrails) ? 'error' : 'warning';
      return explainNothing(asking, { check: name, level, selection, version: queries.version });
    }),
  );
}
