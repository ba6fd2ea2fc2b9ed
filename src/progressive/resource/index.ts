/** The custom resource: how it is written, read and kept. */
export { alertMessageOf } from './alert-message-of.js';
export { stateToGoOnWith } from './begin-run.js';
export { canonicalRollout } from './canonical-rollout.js';
export { customResourceDefinition } from './custom-resource-definition.js';
export type { ModelRollout } from './model-rollout.js';
export { modelRolloutApiVersion, modelRolloutKind, modelRolloutKindName } from './model-rollout-kind.js';
export { parseModelRollout } from './parse-model-rollout.js';
export { describeRefusal, isRefused, refusedStatus, type Refused } from './refused-status.js';
export { conditionsIn, readSavedState, type SavedState } from './saved-state.js';
export { rolloutReference, rolloutText } from './rollout-reference.js';
export { statusOf } from './status-of.js';
export { targetText } from './target-text.js';
export type { ModelRolloutStatus } from './status-schema.js';
