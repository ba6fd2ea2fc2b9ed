import type { Channel } from '../../../sources/prometheus/counting/channel.js';
import { selectorText } from '../../../sources/prometheus/signals/selector.js';
import { isNeeded } from '../../prometheus-warnings.js';
import type { Asking } from '../asking.js';
import { checkOfChannel } from '../check-names.js';
import type { CheckResult, FindingLevel } from '../finding.js';
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
    absent.map(async ({ channel }) => {
      const check = checkOfChannel(channel.id);
      const [signal = ''] = check.split('.');
      // Outcomes may be rare, and are not asked for where neither version has any.
      const level = signal !== 'outcomes' && isNeeded(signal, guardrails) ? 'error' : 'warning';
      return (
        (await otherForm(asking, channel, check, level)) ??
        explainNothing(asking, { check, level, selection: channel.selection, version: queries.version })
      );
    }),
  );
}

/** Says so where a histogram is there in the form that is not read. */
async function otherForm(
  asking: Asking,
  { native, cellLabel, selection: { metrics, where } }: Channel,
  check: string,
  level: FindingLevel,
): Promise<CheckResult | undefined> {
  const [metric = ''] = metrics;
  if (native !== true && cellLabel !== 'le') return undefined;
  const other = native === true ? `${metric}_bucket` : metric.replace(/_bucket$/, '');
  if (!(await asking.has(selectorText([other], where)))) return undefined;
  const form = native === true ? 'classic' : 'native';
  return {
    level,
    check,
    found: `${other.replace(/_bucket$/, '')} is a ${form} histogram, and read in the other form`,
    fix: `set form: ${form}`,
  };
}
