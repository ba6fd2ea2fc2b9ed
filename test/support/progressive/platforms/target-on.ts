import assert from 'node:assert/strict';
import type { Expected, ObservedTarget, Target } from '../../../../src/progressive/index.js';
import { parseTargetSpec, type TargetContext } from '../../../../src/progressive/targets/index.js';
import { valueOf } from '../../value-of.js';
import type { Platform } from './platform.js';

/** The target of a platform, as a rollout names it. */
export function targetOn(platform: Platform, context: Partial<TargetContext> = {}): Target {
  const { kind, spec } = valueOf(parseTargetSpec(platform.target));
  return kind.create(spec, { api: platform.cluster, namespace: platform.reference.namespace, ...context });
}

/** A reading that has to be one. */
export async function observed(target: Target): Promise<ObservedTarget> {
  const state = await target.observe();
  if (state.kind !== 'observed') assert.fail(`not observed: ${JSON.stringify(state)}`);
  return state;
}

/** What a rollout that has just read the target expects of it. */
export function expectedOf({ uid, fingerprint, canary, stable, stableFingerprint }: ObservedTarget) {
  return { uid, fingerprint, canary, stable, stableFingerprint } satisfies Expected &
    Pick<ObservedTarget, 'canary' | 'stableFingerprint'>;
}
