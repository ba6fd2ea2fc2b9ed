import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import { fingerprintOf } from '../fingerprint-of.js';
import { listAt, numberAt, recordAt, textAt, valueAt, without } from '../json-at.js';
import { wholePercent } from '../percent.js';
import type { SeldonDeploymentSpec } from './seldon-deployment-spec.js';

/** One entry of `spec.predictors`. */
export interface Predictor {
  readonly index: number;
  readonly name: string;
  /** As it stands there; undefined: the field is absent, which counts as zero. */
  readonly writtenTraffic: number | undefined;
  readonly traffic: number;
  /** Gets copies of the requests and answers nobody: its traffic is not part of the split. */
  readonly isShadow: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The predictors by the part they play. */
export interface Predictors {
  readonly all: readonly Predictor[];
  readonly stable: Predictor | undefined;
  readonly canary: Predictor | undefined;
  /** Neither of the two, and no shadow. */
  readonly others: readonly Predictor[];
}

export function predictorsOf(
  deployment: KubernetesObject,
  names: Pick<SeldonDeploymentSpec, 'stable' | 'canary'>,
): Predictors {
  const all = listAt(deployment, 'spec', 'predictors').map((raw, index): Predictor => {
    const writtenTraffic = numberAt(raw, 'traffic');
    return {
      index,
      name: textAt(raw, 'name') ?? '',
      writtenTraffic,
      traffic: wholePercent(writtenTraffic ?? 0),
      isShadow: valueAt(raw, 'shadow') === true,
      fields: recordAt(raw) ?? {},
    };
  });
  const split = all.filter((predictor) => !predictor.isShadow);
  const stable = split.find(({ name }) => name === names.stable);
  const canary = split.find(({ name }) => name === names.canary);
  return { all, stable, canary, others: split.filter((one) => one !== stable && one !== canary) };
}

/** Of both, since another model under the stable one's name would be another comparison. Replicas are no other model. */
export function predictorsFingerprint({ stable, canary }: Predictors): string {
  return fingerprintOf(
    [stable, canary].map((one) => (one === undefined ? null : without(one.fields, 'traffic', 'replicas'))),
  );
}

/** A third predictor with traffic; null: there is none. */
export function foreignPredictor({ others }: Predictors): string | null {
  const served = others.find(({ traffic }) => traffic > 0);
  return served === undefined ? null : `predictor ${served.name} has ${served.traffic} % of the traffic.`;
}
