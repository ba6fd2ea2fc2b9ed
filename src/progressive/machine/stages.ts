import type { RolloutSpec, StageSpec } from './rollout-spec.js';

/** The stage that a share belongs to: the highest one at or below it, the first where there is none. */
export function stageAt(spec: RolloutSpec, percent: number): StageSpec {
  const [first] = spec.stages;
  if (first === undefined) throw new RangeError('a rollout has at least one stage');
  return spec.stages.findLast((stage) => stage.percent <= percent) ?? first;
}

/** The share after this one; 100, promotion, after the last. Found by share, so that stages may be edited meanwhile. */
export function percentAfter(spec: RolloutSpec, percent: number): number {
  return spec.stages.find((stage) => stage.percent > percent)?.percent ?? 100;
}
