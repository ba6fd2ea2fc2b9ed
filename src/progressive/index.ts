/** Driving a canary on a platform that does not do it itself: the machine that decides, and the targets it moves. */
export * from './machine/action.js';
export * from './machine/after-action.js';
export * from './machine/alert.js';
export type { Command } from './machine/command.js';
export { judgedObservations } from './machine/judged-observations.js';
export { judgedPolicy } from './machine/judged-policy.js';
export { next, type Step } from './machine/next.js';
export { acknowledge } from './machine/notify.js';
export * from './machine/phase.js';
export type * from './machine/rollout-spec.js';
export { parseRolloutSpec, rolloutSpecSchema } from './machine/rollout-spec-schema.js';
export * from './machine/rollout-state.js';
export { parseRolloutState } from './machine/rollout-state-schema.js';
export { stageVerdict, type StageVerdict } from './machine/stage-verdict.js';
export type * from './machine/target-state.js';
export type { VerdictRequest, WeightSince } from './machine/verdict-request.js';
export type { Target, TargetResult } from './target.js';
