import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import type { SetWeightAction } from '../../../machine/action.js';
import { specGuard, uidGuard } from '../../guards.js';
import { listAt, recordAt } from '../../json-at.js';
import { wholePercent } from '../../percent.js';
import { conflict, refused, type Plan } from '../../plan.js';
import { otherPercent, otherStable } from '../../unexpected.js';
import type { KserveSpec } from '../kserve-spec.js';
import { changedModel, modelChanges } from '../model-changes.js';
import { modelGuard } from '../model-guard.js';
import { foreignEntry, type FoundEntry } from './canary-entry.js';
import { serviceNameOf } from './service-name.js';
import { stableNameOf, stablePredictorOf } from './stable-predictor.js';

/** What KServe calls the container of a model. */
const containerName = 'kserve-container';

/** A new entry of `spec.canary` with the carried model, whole, and its share. */
export function planFirstShare(
  service: KubernetesObject,
  { expected, fromPercent, toPercent }: SetWeightAction,
  { newModel, canary: name }: KserveSpec,
  found: FoundEntry,
): Plan {
  if (newModel === undefined) return refused('the rollout holds no new model');
  if (name === undefined)
    return refused('in Standard mode a new model needs a name: set "canary" of the target');
  if (found.kind !== 'none') return conflict(`spec.canary has an entry ${name} already`);
  const foreign = foreignEntry(found.others);
  if (foreign !== null) return conflict(foreign);
  const predictor = stablePredictorOf(service);
  const stableName = stableNameOf(service);
  const problem =
    otherPercent(fromPercent, null) ??
    otherStable(expected, { stable: serviceNameOf(service.metadata.name, stableName) });
  if (problem !== undefined) return problem;
  if (stableName === name)
    return refused(`the stable predictor is called ${name} already: take another name`);
  const model = recordAt(predictor, 'model');
  if (model === undefined) return refused('spec.predictor.model is not there, so that it cannot be changed');
  if (modelChanges(model, newModel, '').length === 0)
    return refused('the new model is what is there already');
  const entry = {
    trafficPercent: wholePercent(toPercent),
    // The definition of the resource asks for the container's name here, and only here.
    predictor: { name, model: { name: containerName, ...changedModel(model, newModel) } },
  };
  const isFirst = listAt(service, 'spec', 'canary').length === 0;
  return {
    kind: 'patch',
    operations: [
      uidGuard(service),
      ...specGuard(service),
      ...modelGuard(predictor, '/spec/predictor'),
      isFirst
        ? { op: 'add', path: '/spec/canary', value: [entry] }
        : { op: 'add', path: '/spec/canary/-', value: entry },
    ],
    // A field that the installed version does not know is dropped without a word.
    objection: (changed) =>
      listAt(changed, 'spec', 'canary').length === 0
        ? 'the installed version of KServe does not know spec.canary (it came with 0.20)'
        : undefined,
  };
}
