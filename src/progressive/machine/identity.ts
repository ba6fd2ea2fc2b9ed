import type { RolloutState } from './rollout-state.js';
import type { ObservedTarget } from './target-state.js';

/** How the versions that are seen stand to those that the rollout is about. */
export type Identity =
  | { readonly kind: 'same' }
  /** Another resource under the same name. */
  | { readonly kind: 'recreated' }
  /** The canary became the stable version, by whomever. */
  | { readonly kind: 'rolled-out' }
  /** Another model stands where the canary was. */
  | { readonly kind: 'newer-model'; readonly text: string }
  /** The canary is the same, the version with the rest of the traffic is not. */
  | { readonly kind: 'baseline-changed'; readonly text: string };

/**
 * Whether what stands there is what a rollback is meant for: another revision of the very same model (its resources were
 * edited, say) is as bad as the one that was judged, whatever it is called.
 */
export function isToBeRolledBack(state: RolloutState, target: ObservedTarget): boolean {
  switch (identityOf(state, target).kind) {
    case 'same':
    case 'baseline-changed':
      return true;
    case 'newer-model':
      return (
        target.canary !== null && target.canary !== state.stable && target.fingerprint === state.fingerprint
      );
    case 'recreated':
    case 'rolled-out':
      return false;
  }
}

/** Compares what is seen with what was recorded; what is not known on either side is no difference. */
export function identityOf(state: RolloutState, target: ObservedTarget): Identity {
  const { canary, stable } = state;
  if (state.uid !== null && target.uid !== state.uid) return { kind: 'recreated' };
  // While traffic goes from one to the other nobody can say who is who.
  if (target.canary === null && target.stable === null) return { kind: 'same' };
  if (canary !== null && target.stable === canary && (target.canary === null || target.canary === canary)) {
    return { kind: 'rolled-out' };
  }
  if (canary !== null && (target.canary !== canary || target.fingerprint !== state.fingerprint)) {
    const now = target.canary ?? 'no canary';
    if (target.canary !== null && target.fingerprint === state.fingerprint) {
      return {
        kind: 'newer-model',
        text: `Another revision of the same model is there: ${now} instead of ${canary}.`,
      };
    }
    const what = target.canary === canary ? `${canary} is being replaced` : `${now} instead of ${canary}`;
    return { kind: 'newer-model', text: `Another model was applied meanwhile: ${what}.` };
  }
  if (stable !== null && target.stable !== null && target.stable !== stable) {
    const text = `The stable version is ${target.stable} instead of ${stable}: the comparison would be with another model.`;
    return { kind: 'baseline-changed', text };
  }
  const { stableFingerprint } = state;
  const found = target.stableFingerprint;
  if (stableFingerprint !== null && found !== null && found !== stableFingerprint) {
    const text = `The stable version ${stable ?? ''} was changed: the comparison would be with another model.`;
    return { kind: 'baseline-changed', text };
  }
  return { kind: 'same' };
}
