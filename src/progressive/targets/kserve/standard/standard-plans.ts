import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import type { PatchOperation } from '../../../cluster/patch-operation.js';
import type { Expected, PromoteAction, RollBackAction, SetWeightAction } from '../../../machine/action.js';
import { specGuard, uidGuard } from '../../guards.js';
import { listAt, recordAt } from '../../json-at.js';
import { wholePercent } from '../../percent.js';
import { conflict, patch, refused, type Plan } from '../../plan.js';
import { otherModel, otherPercent, otherStable } from '../../unexpected.js';
import type { KserveSpec } from '../kserve-spec.js';
import { modelGuard } from '../model-guard.js';
import {
  canaryEntriesOf,
  canaryEntryOf,
  foreignEntry,
  type CanaryEntry,
  type FoundEntry,
} from './canary-entry.js';
import { planFirstShare } from './plan-first-share.js';
import { mergedPredictor } from './merged-predictor.js';
import { serviceNameOf } from './service-name.js';
import {
  stableNameOf,
  newestFingerprintOf,
  stableFingerprintOf,
  stablePredictorOf,
} from './stable-predictor.js';
import { standardObstacle } from './standard-obstacle.js';

/** Another share for the entry that is there, or an entry with the new model and its first share. */
export function planWeight(service: KubernetesObject, action: SetWeightAction, spec: KserveSpec): Plan {
  const found = canaryEntryOf(service, spec.canary);
  if (action.bringsModel) return obstructed(service) ?? planFirstShare(service, action, spec, found);
  const step = planStep(service, action, found);
  if (step.kind !== 'step') return step;
  const { entry, guards } = step;
  const value = wholePercent(action.toPercent);
  return patch([...guards, { op: 'add', path: `${pathOf(entry)}/trafficPercent`, value }]);
}

/**
 * The stable predictor takes the canary's name and what it has otherwise, and the entry goes: its pods stay as they are. All in
 * one change, since either half alone would send traffic elsewhere.
 */
export function planPromotion(service: KubernetesObject, action: PromoteAction, spec: KserveSpec): Plan {
  const step = planStep(service, action, canaryEntryOf(service, spec.canary));
  if (step.kind !== 'step') return step;
  const { entry, guards } = step;
  const isOnlyOne = listAt(service, 'spec', 'canary').length === 1;
  return patch([
    ...guards,
    ...takenOver(service, entry),
    { op: 'remove', path: isOnlyOne ? '/spec/canary' : pathOf(entry) },
  ]);
}

/**
 * Zero, and the entry stays: the stable predictor was scaled down by the canary's replicas, and gets them back while nothing is
 * taken away yet. Guarded by the resource, the entry and its model alone.
 */
export function planRollback(
  service: KubernetesObject,
  { expected }: RollBackAction,
  spec: KserveSpec,
): Plan {
  const found = entryOfRollback(service, expected, canaryEntryOf(service, spec.canary));
  if (found.kind !== 'found') return found;
  const { entry } = found;
  const other = otherModel(expected, { fingerprint: newestFingerprintOf(service, entry) });
  if (other !== undefined) return other;
  return patch([
    uidGuard(service),
    ...entryGuards(entry),
    { op: 'add', path: `${pathOf(entry)}/trafficPercent`, value: 0 },
  ]);
}

/** Where a second entry came and nobody had to name the one that is meant: the one that has the model. */
function entryOfRollback(
  service: KubernetesObject,
  { fingerprint }: Expected,
  found: FoundEntry,
): { readonly kind: 'found'; readonly entry: CanaryEntry } | Plan {
  if (found.kind === 'found') return found;
  if (found.kind === 'none') return conflict('the canary is not in spec.canary any more');
  const [entry, ...others] = canaryEntriesOf(service).filter(
    (one) => newestFingerprintOf(service, one) === fingerprint,
  );
  if (entry !== undefined && others.length === 0) return { kind: 'found', entry };
  const what = entry === undefined ? 'None of them has' : 'Several of them have';
  return refused(`${found.reason} ${what} the model that is to be rolled back.`);
}

type PlannedStep =
  { readonly kind: 'step'; readonly entry: CanaryEntry; readonly guards: readonly PatchOperation[] } | Plan;

/** What a step up and a promotion have in common. */
function planStep(
  service: KubernetesObject,
  { expected, fromPercent }: { readonly expected: Expected; readonly fromPercent: number | null },
  found: FoundEntry,
): PlannedStep {
  const obstacle = obstructed(service);
  if (obstacle !== undefined) return obstacle;
  if (found.kind === 'unclear') return refused(found.reason);
  if (found.kind === 'none') return conflict('the canary is not in spec.canary any more');
  const { entry, others } = found;
  const foreign = foreignEntry(others);
  if (foreign !== null) return conflict(foreign);
  const fingerprint = newestFingerprintOf(service, entry);
  const stable = serviceNameOf(service.metadata.name, stableNameOf(service));
  if (entry.problem !== undefined) return conflict(entry.problem);
  const problem =
    otherPercent(fromPercent, entry.percent) ??
    otherStable(expected, { stable, stableFingerprint: stableFingerprintOf(service) }) ??
    otherModel(expected, { fingerprint });
  if (problem !== undefined) return problem;
  const path = `${pathOf(entry)}/trafficPercent`;
  const guards: readonly PatchOperation[] = [
    uidGuard(service),
    ...specGuard(service),
    ...entryGuards(entry),
    ...(entry.writtenPercent === undefined
      ? []
      : [{ op: 'test', path, value: entry.writtenPercent } as const]),
  ];
  return { kind: 'step', entry, guards };
}

function obstructed(service: KubernetesObject): Plan | undefined {
  const obstacle = standardObstacle(service);
  return obstacle === undefined ? undefined : refused(obstacle);
}

/** The list is known by places only: what stands at the place is tested. */
function entryGuards(entry: CanaryEntry): readonly PatchOperation[] {
  const at = `${pathOf(entry)}/predictor`;
  return [{ op: 'test', path: `${at}/name`, value: entry.name }, ...modelGuard(entry.overlay, at)];
}

function pathOf({ index }: CanaryEntry): string {
  return `/spec/canary/${index}`;
}

function takenOver(service: KubernetesObject, entry: CanaryEntry): readonly PatchOperation[] {
  const stable = stablePredictorOf(service);
  const wanted = mergedPredictor(stable, entry.overlay);
  const isModelOnly = Object.keys(entry.overlay).every((name) =>
    ['name', 'model', 'minReplicas'].includes(name),
  );
  const model = recordAt(entry.overlay, 'model');
  if (!isModelOnly || model === undefined) return [{ op: 'replace', path: '/spec/predictor', value: wanted }];
  // An entry may leave out what it has in common with the stable model.
  const isWhole = isDeepStrictEqual(model, wanted['model']);
  return [
    isWhole
      ? { op: 'copy', from: `${pathOf(entry)}/predictor/model`, path: '/spec/predictor/model' }
      : { op: 'add', path: '/spec/predictor/model', value: wanted['model'] },
    { op: 'add', path: '/spec/predictor/name', value: entry.name },
  ];
}
