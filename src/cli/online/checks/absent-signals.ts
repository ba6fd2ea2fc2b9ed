import { isNeeded } from '../../prometheus-warnings.js';
import type { Asking } from '../asking.js';
import { checkOfChannel } from '../check-names.js';
import type { CheckResult } from '../finding.js';
import type { ProbedModel } from '../probed-model.js';
import { explainNothing } from './nothing-found.js';

/** Signals that are named and of which nothing is there. Failures have a check of their own: there may be none yet. */
export function absentSignals(
  asking: Asking,
  { channels, queries, guardrails }: ProbedModel,
): Promise<readonly CheckResult[]> {
  const absent = channels.filter(
    ({ channel: { id }, series }) => series.length === 0 && !/^(?:requests|errors)/.test(id),
  );
  return Promise.all(
    absent.map(({ channel: { id, selection } }) => {
      const check = checkOfChannel(id);
      const [signal = ''] = check.split('.');
      // Outcomes may be rare, and are not asked for where neither version has any.
      const level = signal !== 'outcomes' && isNeeded(signal, guardrails) ? 'error' : 'warning';
      return explainNothing(asking, { check, level, selection, version: queries.version });
    }),
  );
}
