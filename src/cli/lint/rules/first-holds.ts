import { formatSeconds } from '../../../domain/units.js';
import type { Rule } from '../rule.js';

/** Warm-up of two minutes, the look after it, and the time until that look counts. */
const leastSeconds = 180;

/** Every canary begins with holds: its warm-up is not judged. */
export const firstHolds: Rule = {
  name: 'first-holds',
  severity: 'warning',
  what: 'the first holds pause the rollout: every canary begins with some',
  of: 'metric',
  check({ metric, template }, { project }) {
    if (metric.dryRun || metric.isEndless || metric.successCondition === undefined) return [];
    const patience = metric.patienceSeconds;
    const uses = project.usesOf(template);
    const [shortest = 0] = uses.map(({ traffic }) => traffic?.pausedSeconds ?? 0).sort((a, b) => a - b);
    if (patience + shortest >= leastSeconds) return [];
    return [
      {
        field: metric.field.at(metric.effectiveCount === 1 ? 'count' : 'inconclusiveLimit'),
        message: `holds are taken for ${formatSeconds(patience)} only; a canary is not judged in its first 2 min, so the rollout pauses for a person nearly always`,
        fix: 'set interval: 60s, count: 60 and inconclusiveLimit: 58: an hour of holds',
      },
    ];
  },
};
