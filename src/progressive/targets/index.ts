/** What traffic is moved on: the kinds of targets, and how one is named. */
export { restoreOldModel, type RestoreResult, type RestoreStep } from './kserve/restore/restore-old-model.js';
export { parseTargetSpec, type TargetSpec } from './parse-target-spec.js';
export type { AccessRule, SentPatch, TargetContext, TargetKind } from './target-kind.js';
export { targetKinds } from './target-kinds.js';
