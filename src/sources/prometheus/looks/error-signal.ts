import type { ArmName, SeriesIdentity } from '../counting/sampled-series.js';
import type { CountSignal } from '../signals/signal.js';

/**
 * Why the errors of a version cannot be counted; undefined where they can. Where no failure has happened most servers
 * have no series for failures either, so that nothing looks like no errors: that is believed only where the requests
 * themselves have the metric and the labels by which failures are told, or where the metric of failures is there.
 */
export function errorsUnmeasured(
  errors: CountSignal | undefined,
  series: readonly SeriesIdentity[],
  arms: readonly ArmName[],
): string | undefined {
  if (errors === undefined) return 'no signal says which requests failed';
  for (const arm of arms) {
    const own = series.filter((identity) => identity.arm === arm);
    for (const [channel, selection] of [
      ['errors', errors.plus],
      ['errors-less', errors.minus],
    ] as const) {
      if (selection === undefined || own.some((identity) => identity.channel === channel)) continue;
      // Where nothing was ever finished there is nothing to take away, if it is there for the other version.
      const isElsewhere = series.some((identity) => identity.channel === channel);
      if (channel === 'errors-less' && isElsewhere) continue;
      const requests = own.filter((identity) => identity.channel.startsWith('requests'));
      const missing = selection.metrics.find((metric) =>
        requests.every(({ labels }) => labels['__name__'] !== metric),
      );
      if (missing !== undefined) return `the ${arm} version has no series of ${missing}`;
      const label = selection.where.find(
        (matcher) =>
          requests.every(({ labels }) => labels[matcher.label] === undefined) && needsLabel(matcher),
      );
      if (label !== undefined) return `no series of the ${arm} version has the label ${label.label}`;
    }
  }
  return undefined;
}

/** A label that has to be something; one that must not be something may be absent. */
function needsLabel({ operator }: { readonly operator: string }): boolean {
  return operator === '=' || operator === '=~';
}
