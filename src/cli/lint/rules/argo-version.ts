import { formatArgoVersion, isOlder } from '../argo/version.js';
import type { Problem } from '../finding.js';
import type { Rule } from '../rule.js';

/** What a metric may use, and the first release that has it. */
const features = [
  { path: ['consecutiveSuccessLimit'], since: [1, 8, 0] },
  { path: ['provider', 'web', 'jsonBody'], since: [1, 4, 0] },
] as const;

export const argoVersion: Rule = {
  name: 'argo-version',
  severity: 'error',
  what: 'a field that the release of --argo-version does not have: the API server drops it',
  of: 'metric',
  check({ metric }, { argoVersion: version }) {
    if (version === undefined) return [];
    return features.flatMap(({ path, since }): readonly Problem[] => {
      const field = metric.field.at(...path);
      if (!field.exists || !isOlder(version, since)) return [];
      return [
        {
          field,
          message: `Argo Rollouts ${formatArgoVersion(version)} has no ${path.at(-1) ?? ''}, which came with ${formatArgoVersion(since)}: the field is dropped, and with it what it is for`,
          fix: 'use Argo Rollouts v1.8.2 or newer',
        },
      ];
    });
  },
};

/** The first release in which success limits and paused background runs both work. */
const supported = [1, 8, 2] as const;

export const backgroundVersion: Rule = {
  name: 'background-version',
  severity: 'error',
  what: 'a background run with holds on a release that starts it again until it passes',
  of: 'use',
  check(use, { argoVersion: version }) {
    if (version === undefined || use.role !== 'background' || !isOlder(version, supported)) return [];
    const holding = use.gates.some(
      ({ successCondition, failureCondition }) =>
        successCondition !== undefined && failureCondition !== undefined,
    );
    if (!holding) return [];
    return [
      {
        field: use.field,
        message: `before v1.8.2 a background run that holds ended is started again until it passes; this is ${formatArgoVersion(version)}`,
        fix: 'use Argo Rollouts v1.8.2 or newer, and a background template with a failureCondition alone',
      },
    ];
  },
};
