import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import type { PatchOperation } from '../../cluster/patch-operation.js';
import type { Expected } from '../../machine/action.js';
import { specGuard, uidGuard } from '../guards.js';
import { wholePercent } from '../percent.js';
import { conflict, patch, refused, type Plan } from '../plan.js';
import { otherModel, otherPercent, otherStable } from '../unexpected.js';
import { candidatesOf, type Candidate } from './candidates.js';
import type { CandidateModels } from './read-candidate-models.js';
import type { SeldonExperimentSpec } from './seldon-experiment-spec.js';

/** Another share for the canary, 100 for a promotion: the Experiment itself stays, and so does the candidate that has nothing. */
export function planShare(
  experiment: KubernetesObject,
  step: { readonly expected: Expected; readonly fromPercent: number | null; readonly toPercent: number },
  spec: SeldonExperimentSpec,
  models: Extract<CandidateModels, { readonly kind: 'read' }>,
): Plan {
  const candidates = candidatesOf(experiment, spec);
  const { stable, canary, foreign } = candidates;
  if (stable === undefined || canary === undefined) {
    return conflict('there is no canary beside the stable candidate');
  }
  if (foreign !== null) return conflict(foreign);
  const problem =
    otherPercent(step.fromPercent, candidates.percent) ??
    otherStable(step.expected, { stable: stable.name, stableFingerprint: models.stableFingerprint }) ??
    otherModel(step.expected, models);
  if (problem !== undefined) return problem;
  const percent = wholePercent(step.toPercent);
  return patch([
    uidGuard(experiment),
    ...specGuard(experiment),
    nameGuard(stable),
    nameGuard(canary),
    ...weightGuard(stable),
    ...weightGuard(canary),
    weightOf(stable, 100 - percent),
    weightOf(canary, percent),
  ]);
}

/** Guarded by the resource and the names alone. To whom the traffic goes back was decided when the rollout began. */
export function planRollback(
  experiment: KubernetesObject,
  expected: Expected,
  spec: SeldonExperimentSpec,
  fingerprint: string,
): Plan {
  const { stable, canary } = candidatesOf(experiment, spec, expected.stable);
  if (canary === undefined) return conflict(`there is no candidate ${spec.canary} any more`);
  if (stable === undefined) return refused('there is no stable candidate that could take the traffic');
  const other = otherModel(expected, { fingerprint });
  if (other !== undefined) return other;
  return patch([
    uidGuard(experiment),
    nameGuard(stable),
    nameGuard(canary),
    weightOf(stable, 100),
    weightOf(canary, 0),
  ]);
}

/** The list is known by places only: what stands at the place is tested. */
function nameGuard({ index, name }: Candidate): PatchOperation {
  return { op: 'test', path: `/spec/candidates/${index}/name`, value: name };
}

function weightGuard({ index, writtenWeight }: Candidate): readonly PatchOperation[] {
  if (writtenWeight === undefined) return [];
  return [{ op: 'test', path: `/spec/candidates/${index}/weight`, value: writtenWeight }];
}

function weightOf({ index }: Candidate, weight: number): PatchOperation {
  return { op: 'add', path: `/spec/candidates/${index}/weight`, value: weight };
}
