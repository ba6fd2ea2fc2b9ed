import { formatSeconds } from '../../../domain/units.js';
import type { Rule } from '../rule.js';

/** A run ends only once its dry runs have ended too. */
export const dryRunOutlasts: Rule = {
  name: 'dry-run-outlasts',
  severity: 'warning',
  what: 'a dry run that goes on after the gate has decided: the step waits for it',
  of: 'template',
  check(template) {
    const gates = template.verdictMetrics.filter(({ dryRun }) => !dryRun);
    if (gates.length === 0) return [];
    // What is not known is taken for right.
    const longest = Math.max(...gates.map(({ longestSeconds = Infinity }) => longestSeconds));
    const early = gates.some((gate) => (gate.limit('consecutiveSuccessLimit') ?? 0) > 0);
    return template.verdictMetrics
      .filter(({ dryRun }) => dryRun)
      .flatMap((metric) => {
        const fix =
          'give it the interval, the count and the consecutiveSuccessLimit of the gate, and promoteWith: all';
        const lasts = metric.longestSeconds;
        if (lasts === undefined) return [];
        if (lasts > longest) {
          const told =
            lasts === Infinity
              ? 'never ends'
              : `takes up to ${formatSeconds(lasts)}, the gate ${formatSeconds(longest)}`;
          const message = `the dry run "${metric.name}" ${told}: the step waits for it`;
          return [{ field: metric.field.at('count'), message, fix }];
        }
        if (!early || metric.limit('consecutiveSuccessLimit') !== 0 || metric.effectiveCount === 1) return [];
        const message = `the gate ends with its promote, the dry run "${metric.name}" only after ${formatSeconds(lasts)}: the step waits for it`;
        return [{ field: metric.field.at('consecutiveSuccessLimit'), message, fix }];
      });
  },
};
