import { commonBounds } from '../../../sources/prometheus/counting/bucket-bounds.js';
import { warning, type CheckResult } from '../finding.js';
import { identitiesOf, type ProbedChannel, type ProbedModel } from '../probed-model.js';

/** Whether all histograms have the same bounds, over versions and pods. */
export function checkBounds(
  model: ProbedModel,
  check: string,
  probed: ProbedChannel,
): readonly CheckResult[] {
  const { bounds, differ } = commonBounds(probed.channel.id, identitiesOf(model, probed));
  if (!differ) return [];
  const ofVersions = model.versions.flatMap((version) => {
    const own = commonBounds(probed.channel.id, identitiesOf(model, probed, version));
    return own.bounds.length === 0 ? [] : [`${version} ${own.bounds.length}`];
  });
  return [
    warning(
      check,
      `the histograms have different bounds (${ofVersions.join(', ')}); only the ${bounds.length} that all have are used: ${bounds.join(', ')}`,
      'give all pods of both versions the same buckets',
    ),
  ];
}
