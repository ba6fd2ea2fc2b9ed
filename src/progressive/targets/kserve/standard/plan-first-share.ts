import { isDeepStrictEqual } from 'node:util';
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
import { containerName } from '../predictor-model.js';
import { foreignEntry, type FoundEntry } from './canary-entry.js';
import { serviceNameOf } from './service-name.js';
import { mergedPredictor } from './merged-predictor.js';
import { stableFingerprintOf, stableNameOf, stablePredictorOf } from './stable-predictor.js';

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
    otherStable(expected, {
      stable: serviceNameOf(service.metadata.name, stableName),
      stableFingerprint: stableFingerprintOf(service),
    });
  if (problem !== undefined) return problem;
  if (stableName === name)
    return refused(`the stable predictor is called ${name} already: take another name`);
  const model = recordAt(predictor, 'model');
  if (model === undefined) return refused('spec.predictor.model is not there, so that it cannot be changed');
  if (modelChanges(model, newModel, '').length === 0)
    return refused('the new model is what is there already');
  // The definition of the resource asks for the container's name here, and only here.
  const wanted = { name: containerName, ...changedModel(model, newModel) };
  const entry = { trafficPercent: wholePercent(toPercent), predictor: { name, model: wanted } };
  const kept = keptFields(mergedPredictor(predictor, entry.predictor)['model'], wanted);
  if (kept.length > 0) {
    return refused(
      `KServe merges an entry of spec.canary with the stable predictor, so that the new model would keep what it shall not have of ${kept.join(', ')}: write the entry yourself, or change spec.predictor.model`,
    );
  }
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

/** The fields of the model in which what KServe would run is not what is wanted. */
function keptFields(runs: unknown, wanted: Readonly<Record<string, unknown>>): readonly string[] {
  const run = recordAt(runs) ?? {};
  const names = new Set([...Object.keys(run), ...Object.keys(wanted)]);
  return [...names].filter((name) => !isDeepStrictEqual(run[name], wanted[name]));
}
