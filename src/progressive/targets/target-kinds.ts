import { kserve } from './kserve/index.js';
import { seldonDeployment } from './seldon-deployment/index.js';
import { seldonExperiment } from './seldon-experiment/index.js';
import type { TargetKind } from './target-kind.js';

/** Every kind of target there is. */
export const targetKinds: readonly TargetKind[] = [kserve, seldonDeployment, seldonExperiment];
