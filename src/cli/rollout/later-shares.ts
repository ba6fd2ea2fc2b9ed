import type { RolloutSpec } from '../../progressive/index.js';
import type { SentPatch } from '../../progressive/targets/index.js';

/** How a rollout goes on after its first share, for people: a sentence for the shares between, one for the promotion. */
export function laterShares({ stages }: RolloutSpec, targetKind: string, sent: readonly SentPatch[]): string {
  const later = stages.slice(1, -1).map(({ percent }) => `${percent} %`);
  const between =
    later.length === 0
      ? ''
      : `Each promote verdict sends the same change with the next share: ${later.join(', ')}. `;
  return `${between}The last promote verdict ${promotion(targetKind, sent)}.`;
}

/** In which way KServe runs a service is seen in the fields that are patched. */
function promotion(targetKind: string, sent: readonly SentPatch[]): string {
  if (targetKind !== 'kserve') {
    return 'gives the canary 100 % and the stable version 0 %; both stay in place';
  }
  return JSON.stringify(sent).includes('/spec/predictor/canaryTrafficPercent')
    ? 'removes the field canaryTrafficPercent, which gives the newest revision everything'
    : 'makes the canary the predictor and removes its entry of spec.canary, in one change';
}
