import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import type { PatchOperation } from '../../../cluster/patch-operation.js';
import type { Expected, PromoteAction, RollBackAction, SetWeightAction } from '../../../machine/action.js';
import { specGuard, uidGuard } from '../../guards.js';
import { recordAt } from '../../json-at.js';
import { wholePercent } from '../../percent.js';
import { conflict, patch, refused, type Plan } from '../../plan.js';
import { otherCanary, otherModel, otherPercent, otherStable } from '../../unexpected.js';
import { modelChanges } from '../model-changes.js';
import { modelGuard } from '../model-guard.js';
import { obstacleOf } from '../obstacle-of.js';
import { percentPath, predictorOf, type Predictor } from './predictor-of.js';
import { canaryOf, revisionsOf, revisionsPath, type Revisions } from './revisions.js';

/** Another share for the canary that is there, or the new model together with its first share. */
export function planWeight(
  service: KubernetesObject,
  action: SetWeightAction,
  newModel: Readonly<Record<string, unknown>> | undefined,
): Plan {
  const predictor = predictorOf(service);
  const revisions = revisionsOf(service);
  const { expected } = action;
  const problem =
    obstructed(service) ??
    withoutShare(predictor) ??
    otherPercent(action.fromPercent, predictor.percent) ??
    otherStable(expected, stableOf(revisions)) ??
    (action.bringsModel ? undefined : otherVersion(expected, predictor, revisions));
  if (problem !== undefined) return problem;
  const guards = stepGuards(service, predictor);
  const share: PatchOperation = { op: 'add', path: percentPath, value: wholePercent(action.toPercent) };
  if (action.bringsModel) {
    const carried = carriedModel(predictor, revisions, newModel);
    if (carried.kind !== 'patch') return carried;
    return patch([...guards, ...revisionGuards(revisions), ...carried.operations, share]);
  }
  if (canaryOf(revisions) === null) return withoutCanary();
  return patch([...guards, ...revisionGuards(revisions), share]);
}

/** Without the field everything goes to the newest revision, and the next model does not begin with what is left of this one. */
export function planPromotion(service: KubernetesObject, action: PromoteAction): Plan {
  const predictor = predictorOf(service);
  const revisions = revisionsOf(service);
  const problem =
    obstructed(service) ??
    withoutShare(predictor) ??
    otherPercent(action.fromPercent, predictor.percent) ??
    otherStable(action.expected, stableOf(revisions)) ??
    otherVersion(action.expected, predictor, revisions);
  if (problem !== undefined) return problem;
  if (predictor.writtenPercent === undefined) return conflict('the share is not set any more');
  if (canaryOf(revisions) === null) return withoutCanary();
  const { created, ready } = revisions;
  if (created !== ready)
    return conflict('the newest revision is not ready: another one would get everything');
  return patch([
    ...stepGuards(service, predictor),
    ...revisionGuards(revisions),
    { op: 'test', path: `${revisionsPath}/latestReadyRevision`, value: created },
    { op: 'remove', path: percentPath },
  ]);
}

/**
 * Guarded by the resource and the model alone: it has to win over a step of the same moment, and is for another revision of the
 * same model too.
 */
export function planRollback(service: KubernetesObject, { expected }: RollBackAction): Plan {
  const predictor = predictorOf(service);
  const other = otherModel(expected, predictor);
  if (other !== undefined) return other;
  const revisions = revisionsOf(service);
  // On a service without a canary zero brings back the model before: right only where that is the stable one of this rollout.
  const isPromoted = revisions.created !== undefined && revisions.created === revisions.rolledOut;
  if (isPromoted && (expected.stable === null || revisions.previous !== expected.stable)) {
    return withoutCanary();
  }
  return patch([
    uidGuard(service),
    ...modelGuard(predictor.fields, '/spec/predictor'),
    { op: 'add', path: percentPath, value: 0 },
  ]);
}

function obstructed(service: KubernetesObject): Plan | undefined {
  const obstacle = obstacleOf(service);
  return obstacle === undefined ? undefined : refused(obstacle);
}

function withoutShare({ problem }: Predictor): Plan | undefined {
  return problem === undefined ? undefined : conflict(problem);
}

/** A step is for the revision that was judged: another one of the same model was not. */
function otherVersion(expected: Expected, predictor: Predictor, revisions: Revisions): Plan | undefined {
  return otherModel(expected, predictor) ?? otherCanary(expected, canaryOf(revisions));
}

/** Another stable model is another revision. */
function stableOf({ rolledOut }: Revisions) {
  return { stable: rolledOut, stableFingerprint: null };
}

function withoutCanary(): Plan {
  return conflict(
    'there is no newer revision than the stable one: a share below 100 would bring back the model before it',
  );
}

function carriedModel(
  predictor: Predictor,
  { created, rolledOut }: Revisions,
  newModel: Readonly<Record<string, unknown>> | undefined,
): Plan {
  if (newModel === undefined) return refused('the rollout holds no new model');
  if (created === undefined || created !== rolledOut) return conflict('a newer revision is there already');
  const model = recordAt(predictor.fields, 'model');
  if (model === undefined) return refused('spec.predictor.model is not there, so that it cannot be changed');
  const changes = modelChanges(model, newModel, '/spec/predictor/model');
  return changes.length > 0 ? patch(changes) : refused('the new model is what is there already');
}

function stepGuards(
  service: KubernetesObject,
  { fields, writtenPercent }: Predictor,
): readonly PatchOperation[] {
  return [
    uidGuard(service),
    ...specGuard(service),
    ...modelGuard(fields, '/spec/predictor'),
    ...(writtenPercent === undefined
      ? []
      : [{ op: 'test', path: percentPath, value: writtenPercent } as const]),
  ];
}

/**
 * The revisions are those that were read, at the very moment of writing: below 100 on a stable service means the model before.
 * Tests may look at the status, though the patch cannot change it.
 */
function revisionGuards({ created, rolledOut }: Revisions): readonly PatchOperation[] {
  return [
    { op: 'test', path: `${revisionsPath}/latestCreatedRevision`, value: created },
    { op: 'test', path: `${revisionsPath}/latestRolledoutRevision`, value: rolledOut },
  ];
}
