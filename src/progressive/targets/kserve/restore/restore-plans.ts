import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import type { PatchOperation } from '../../../cluster/patch-operation.js';
import { specGuard, uidGuard } from '../../guards.js';
import { recordAt } from '../../json-at.js';
import { conflict, patch, refused, type Plan } from '../../plan.js';
import { deploymentModeOf } from '../deployment-mode.js';
import { observedPercent } from '../knative/observed-percent.js';
import { percentPath, predictorOf } from '../knative/predictor-of.js';
import { revisionsOf, revisionsPath } from '../knative/revisions.js';
import { modelChanges } from '../model-changes.js';
import { modelGuard } from '../model-guard.js';
import { obstacleOf } from '../obstacle-of.js';

type Fields = Readonly<Record<string, unknown>>;

/** The old model, the share staying 0. Without operations where the model is the old one already. */
export function planRestoring(service: KubernetesObject, oldModel: Fields): Plan {
  const obstacle = obstacleOf(service);
  if (obstacle !== undefined) return refused(obstacle);
  if (deploymentModeOf(service).kind !== 'knative') {
    return refused('only in Knative mode does a rollback leave the new model where the old one was');
  }
  const { fields, percent, problem } = predictorOf(service);
  if (problem !== undefined) return refused(`${problem} Roll back first.`);
  const model = recordAt(fields, 'model');
  if (model === undefined) return refused('spec.predictor.model is not there, so that it cannot be restored');
  const changes = modelChanges(model, oldModel, '/spec/predictor/model');
  if (changes.length === 0 && (percent === 0 || percent === null)) return patch([]);
  if (percent !== 0) {
    const share = percent === null ? 'not set' : `${percent} %`;
    return refused(`the canary's share has to be 0 for this, it is ${share}: roll back first`);
  }
  if (observedPercent(service, revisionsOf(service), 0).percent !== 0) {
    return conflict('the traffic has not followed the rollback yet');
  }
  return patch([...guards(service), ...changes]);
}

/** The share away, so that everything goes to the newest revision: the restored one, as tested at the moment of writing. */
export function planReleasing(service: KubernetesObject, revision: string): Plan {
  return patch([
    ...guards(service),
    { op: 'test', path: `${revisionsPath}/latestCreatedRevision`, value: revision },
    { op: 'test', path: `${revisionsPath}/latestReadyRevision`, value: revision },
    { op: 'remove', path: percentPath },
  ]);
}

function guards(service: KubernetesObject): readonly PatchOperation[] {
  const { fields, writtenPercent } = predictorOf(service);
  return [
    uidGuard(service),
    ...specGuard(service),
    ...modelGuard(fields, '/spec/predictor'),
    { op: 'test', path: percentPath, value: writtenPercent },
  ];
}
