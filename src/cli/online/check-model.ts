import type { GuardrailSettings } from '../../domain/policy.js';
import type { PrometheusServer } from '../../sources/index.js';
import type { ModelQueries } from '../../sources/prometheus/signals/signal.js';
import { matchVersions, type ComparedVersions } from '../../sources/prometheus/signals/versions.js';
import { Asking } from './asking.js';
import { absentSignals } from './checks/absent-signals.js';
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
import { guarded } from './guarded.js';
import { probeModel } from './probe-model.js';
import type { ProbedModel } from './probed-model.js';
import { readStarts } from './read-starts.js';
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
export function checkModel(given: ModelCheck): Promise<readonly CheckResult[]> {
  const { server, signal, nowMs, queries } = given;
  const asking = new Asking(server, signal, { nowMs, scrapeIntervalMs: queries.scrapeIntervalMs });
  return guarded('requests', () => checkWith(asking, given));
}

async function checkWith(asking: Asking, given: ModelCheck): Promise<readonly CheckResult[]> {
  const { queries, guardrails, compared, nowMs } = given;
  const { version, signals } = queries;
  const matched = compared === undefined ? undefined : matchVersions(version, compared);
  if (matched?.ok === false) {
    const found = matched.errors.map(({ message }) => message).join('; ');
    return [error('version', found, 'correct version, or the names of the versions')];
  }
  const values = await versionValues(asking, queries);
  if (values.size === 0) {
    const { plus: selection } = signals.requests;
    return [await explainNothing(asking, { check: 'requests', level: 'error', selection, version })];
  }
  const anyOf = anyVersionOf(version);
  const versionOf = compared === undefined ? anyOf : (comparedVersionOf(version, compared) ?? anyOf);
  const ofVersions = checkVersions(queries, values, versionOf, compared);
  const named = [...values.keys()].flatMap((text) => versionOf({ [version.label]: text }) ?? []);
  if (named.length === 0) return ofVersions;
  const [{ channels, failures }, starts] = await Promise.all([
    probeModel(asking, { queries, versionOf }, matched?.value.matcher),
    readStarts(asking, queries),
  ]);
  const versions = [...new Set(named)].sort();
  const model: ProbedModel = { queries, guardrails, nowMs, versionOf, versions, channels, starts };
  const { latency, predictions, outcomes } = signals;
  const [ofStartTime, absent, ofSummary] = await Promise.all([
    guarded('startTime', () => checkStartTime(asking, model)),
    guarded('signals', () => absentSignals(asking, model)),
    latency?.kind === 'summary'
      ? guarded('latency', async () => [await checkSummary(asking, latency, guardrails, version)])
      : [],
  ]);
  return [
    ...failures,
    ...checkRequests(model),
    ...ofVersions,
    ...checkScrapes(model),
    ...checkAggregated(model),
    ...checkDoubleScrapes(model),
    ...checkCollectors(model),
    ...ofStartTime,
    ...checkCounters(model),
    ...checkUnmeasured(model),
    ...checkErrors(model),
    ...checkLatency(model),
    ...ofSummary,
    ...Object.entries(predictions).flatMap(([name, signal]) => checkPrediction(model, name, signal)),
    ...Object.entries(outcomes).flatMap(([name, signal]) => checkOutcome(model, name, signal)),
    ...absent,
  ];
}
