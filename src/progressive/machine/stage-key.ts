import type { RolloutSpec } from './rollout-spec.js';
import type { RolloutState } from './rollout-state.js';
import { percentAfter, stageAt } from './stages.js';

/** Names a stage with what is asked of it, so that a verdict under other demands never lets the canary go on. */
export function stageKey(spec: RolloutSpec, state: RolloutState): string {
  const stage = stageAt(spec, state.percent);
  const window = spec.evidence.kind === 'window' ? `${spec.evidence.windowSeconds}s` : 'since-start';
  return [
    state.attempt,
    state.percent,
    percentAfter(spec, state.percent),
    spec.policy,
    window,
    stage.confidence ?? 'policy',
    stage.proxyIfUndecided ?? 'policy',
    stage.stabilisationSeconds,
  ].join('/');
}
