import type { ModelRollout } from './model-rollout.js';

/** What the traffic is moved on, as people write it: `kserve fraud-detector`. */
export function targetText({ target: { kind, spec }, namespace }: ModelRollout): string {
  return `${kind.name} ${kind.referenceOf(spec, namespace).name}`;
}
