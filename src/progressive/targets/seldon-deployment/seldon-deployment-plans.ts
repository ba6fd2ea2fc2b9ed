import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import type { PatchOperation } from '../../cluster/patch-operation.js';
import type { Expected, PromoteAction, RollBackAction, SetWeightAction } from '../../machine/action.js';
import { specGuard, uidGuard } from '../guards.js';
import { textAt, valueAt, without } from '../json-at.js';
import { wholePercent } from '../percent.js';
import { conflict, patch, refused, type Plan } from '../plan.js';
import { otherModel, otherPercent, otherStable } from '../unexpected.js';
import {
  foreignPredictor,
  newestOf,
  predictorFingerprint,
  predictorsOf,
  type Predictor,
  type Predictors,
} from './predictors.js';
import type { SeldonDeploymentSpec } from './seldon-deployment-spec.js';

/** Another share for the canary that is there, or the carried predictor with its first share. */
export function planWeight(
  deployment: KubernetesObject,
  action: SetWeightAction,
  spec: SeldonDeploymentSpec,
): Plan {
  const predictors = predictorsOf(deployment, spec);
  const percent = wholePercent(action.toPercent);
  return action.bringsModel
    ? planFirstShare(deployment, predictors, action, spec)
    : planShare(deployment, predictors, action, percent);
}

/** Everything to the canary; the old predictor stays, without traffic, so that going back needs no start. */
export function planPromotion(
  deployment: KubernetesObject,
  action: PromoteAction,
  spec: SeldonDeploymentSpec,
): Plan {
  return planShare(deployment, predictorsOf(deployment, spec), action, 100);
}

/**
 * Guarded by the resource, the names and the model alone. What a third predictor has is left to it, be it a share or not: what is
 * written has to make 100.
 */
export function planRollback(
  deployment: KubernetesObject,
  { expected }: RollBackAction,
  spec: SeldonDeploymentSpec,
): Plan {
  const predictors = predictorsOf(deployment, spec);
  const { stable, canary, others } = predictors;
  if (canary === undefined) return conflict(`there is no predictor ${spec.canary} any more`);
  if (stable === undefined) return withoutStable(predictors, spec);
  const other = otherModel(expected, { fingerprint: predictorFingerprint(newestOf(predictors)) });
  if (other !== undefined) return other;
  const elsewhere = others.reduce((total, { writtenTraffic }) => total + numberOf(writtenTraffic), 0);
  return patch([
    uidGuard(deployment),
    nameGuard(stable),
    nameGuard(canary),
    ...graphGuard(canary),
    trafficOf(stable, Math.max(0, 100 - elsewhere)),
    trafficOf(canary, 0),
  ]);
}

function withoutStable({ all }: Predictors, { stable }: SeldonDeploymentSpec): Plan {
  const isShadow = all.some(({ name }) => name === stable);
  return refused(
    isShadow
      ? `predictor ${stable} is a shadow by now, which serves nobody: there is none that could take the traffic`
      : `there is no predictor ${stable} that could take the traffic`,
  );
}

function numberOf(written: unknown): number {
  return typeof written === 'number' && Number.isFinite(written) ? Math.round(written) : 0;
}

function planShare(
  deployment: KubernetesObject,
  predictors: Predictors,
  { expected, fromPercent }: { readonly expected: Expected; readonly fromPercent: number | null },
  percent: number,
): Plan {
  const { stable, canary } = predictors;
  if (stable === undefined || canary === undefined) {
    return conflict('there is no canary predictor beside the stable one');
  }
  const foreign = foreignPredictor(predictors);
  if (foreign !== null) return conflict(foreign);
  const problem =
    otherPercent(fromPercent, canary.traffic) ??
    otherStable(expected, stableOf(stable)) ??
    otherModel(expected, { fingerprint: predictorFingerprint(newestOf(predictors)) });
  if (problem !== undefined) return problem;
  return patch([
    uidGuard(deployment),
    ...specGuard(deployment),
    nameGuard(stable),
    nameGuard(canary),
    ...graphGuard(canary),
    ...trafficGuard(stable),
    ...trafficGuard(canary),
    trafficOf(stable, 100 - percent),
    trafficOf(canary, percent),
  ]);
}

function planFirstShare(
  deployment: KubernetesObject,
  predictors: Predictors,
  { expected, fromPercent, toPercent }: SetWeightAction,
  { canary: name, newPredictor }: SeldonDeploymentSpec,
): Plan {
  if (newPredictor === undefined) return refused('the rollout holds no new predictor');
  const { stable, all } = predictors;
  if (all.some((predictor) => predictor.name === name)) {
    return conflict(`there is a predictor ${name} already`);
  }
  if (stable === undefined) return conflict('there is no stable predictor');
  const foreign = foreignPredictor(predictors);
  if (foreign !== null) return conflict(foreign);
  const problem = otherPercent(fromPercent, null) ?? otherStable(expected, stableOf(stable));
  if (problem !== undefined) return problem;
  const traffic = wholePercent(toPercent);
  return patch([
    uidGuard(deployment),
    ...specGuard(deployment),
    nameGuard(stable),
    ...trafficGuard(stable),
    trafficOf(stable, 100 - traffic),
    {
      op: 'add',
      path: '/spec/predictors/-',
      value: { name, ...without(newPredictor, 'name', 'traffic'), traffic },
    },
  ]);
}

function stableOf(stable: Predictor) {
  return { stable: stable.name, stableFingerprint: predictorFingerprint(stable) };
}

/** The list is known by places only: what stands at the place is tested. */
function nameGuard({ index, name }: Predictor): PatchOperation {
  return { op: 'test', path: `/spec/predictors/${index}/name`, value: name };
}

/** The model that is meant: its address, or else its graph and its containers. */
function graphGuard({ index, fields }: Predictor): readonly PatchOperation[] {
  const at = `/spec/predictors/${index}`;
  const address = textAt(fields, 'graph', 'modelUri');
  if (address !== undefined) return [{ op: 'test', path: `${at}/graph/modelUri`, value: address }];
  return ['graph', 'componentSpecs']
    .filter((name) => valueAt(fields, name) !== undefined)
    .map((name) => ({ op: 'test', path: `${at}/${name}`, value: valueAt(fields, name) }));
}

function trafficGuard({ index, writtenTraffic }: Predictor): readonly PatchOperation[] {
  if (writtenTraffic === undefined) return [];
  return [{ op: 'test', path: `/spec/predictors/${index}/traffic`, value: writtenTraffic }];
}

/** `add`, which also replaces: a traffic of zero may be left out where it was written by Seldon itself. */
function trafficOf({ index }: Predictor, percent: number): PatchOperation {
  return { op: 'add', path: `/spec/predictors/${index}/traffic`, value: percent };
}
