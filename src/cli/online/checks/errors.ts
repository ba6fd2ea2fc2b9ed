import { errorsUnmeasured } from '../../../sources/prometheus/looks/error-signal.js';
import type { SeriesIdentity } from '../../../sources/prometheus/counting/sampled-series.js';
import { isNeeded } from '../../prometheus-warnings.js';
import { ok, type CheckResult, type FindingLevel } from '../finding.js';
import { identitiesOf, seriesOf, type ProbedModel } from '../probed-model.js';
import { counted, listed } from '../words.js';
import { matcherText } from './nothing-found.js';

const check = 'errors';

/** Whether failures of every version could be seen: where there were none so far, that has to be certain. */
export function checkErrors(model: ProbedModel): readonly CheckResult[] {
  const { queries, guardrails, versions } = model;
  const { errors } = queries.signals;
  const level: FindingLevel = isNeeded('errors', guardrails) ? 'error' : 'warning';
  if (errors === undefined) return [];
  const series = seriesOf(model, 'errors');
  if (series === undefined) return [];
  const unseen = versions.flatMap((version) => {
    const why = errorsUnmeasured(errors, countsOf(model, version), ['canary']);
    return why === undefined ? [] : [why.replaceAll('the canary version', `version ${version}`)];
  });
  if (unseen.length > 0) {
    return [
      {
        level,
        check,
        found: `failures could not be seen: ${unseen.join('; ')}`,
        fix: 'let the counter of failures be there at 0 before the first one, or tell failures by a label of the counter of requests',
      },
    ];
  }
  const failed = versions.filter((version) =>
    series.some(({ labels }) => model.versionOf(labels) === version),
  );
  const conditions = errors.plus.where.map(matcherText).join(', ');
  return [
    ok(
      check,
      failed.length === 0
        ? `no failures so far; they would be seen by ${conditions === '' ? 'their metric' : conditions}`
        : `${counted(series.length, 'series')} of failures, of ${listed(failed)}`,
    ),
  ];
}

/** The counters of requests and failures of a version. */
function countsOf(model: ProbedModel, version: string): readonly SeriesIdentity[] {
  return model.channels
    .filter(({ channel: { id } }) => /^(?:requests|errors)(?:-less)?$/.test(id))
    .flatMap((channel) => identitiesOf(model, channel, version));
}
