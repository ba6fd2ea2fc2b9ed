import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import { isRecord } from '../../cluster/read-object.js';
import { containerIdentity } from '../container-identity.js';
import { fingerprintOf } from '../fingerprint-of.js';
import { listAt, recordAt, textAt, valueAt } from '../json-at.js';
import { isWholePercent, percentProblem } from '../percent.js';
import { standsIn } from '../stands-in.js';
import type { SeldonDeploymentSpec } from './seldon-deployment-spec.js';

/** One entry of `spec.predictors`. */
export interface Predictor {
  readonly index: number;
  readonly name: string;
  /** As it stands there, which may be anything; undefined: the field is absent, which counts as zero. */
  readonly writtenTraffic: unknown;
  /** Zero where what is written is no share: then there is a problem. */
  readonly traffic: number;
  /** Why what is written is no share; undefined: it is. */
  readonly problem: string | undefined;
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
    const writtenTraffic = valueAt(raw, 'traffic') ?? undefined;
    const name = textAt(raw, 'name') ?? '';
    return {
      index,
      name,
      writtenTraffic,
      traffic: isWholePercent(writtenTraffic) ? writtenTraffic : 0,
      problem: percentProblem(`traffic of predictor ${name}`, writtenTraffic),
      isShadow: valueAt(raw, 'shadow') === true,
      fields: recordAt(raw) ?? {},
    };
  });
  const split = all.filter((predictor) => !predictor.isShadow);
  const stable = split.find(({ name }) => name === names.stable);
  const canary = split.find(({ name }) => name === names.canary);
  return { all, stable, canary, others: split.filter((one) => one !== stable && one !== canary) };
}

/** The newest of the two: the canary once it is there. */
export function newestOf({ stable, canary }: Pick<Predictors, 'stable' | 'canary'>): Predictor | undefined {
  return canary ?? stable;
}

/** Changes with what a predictor serves; not with its traffic, replicas, labels, or with what it runs on. */
export function predictorFingerprint(predictor: Predictor | undefined): string {
  return fingerprintOf(predictor === undefined ? null : servedBy(predictor.fields));
}

/** Whether a predictor serves what the carried one says; true where none is carried. */
export function isCarriedPredictor(
  predictor: Predictor | undefined,
  newPredictor: Readonly<Record<string, unknown>> | undefined,
): boolean {
  if (newPredictor === undefined) return true;
  return predictor !== undefined && standsIn(servedBy(predictor.fields), servedBy(newPredictor));
}

/** The graph, and the containers that it is made of. */
function servedBy(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { graph } = fields;
  const pods = listAt(fields, 'componentSpecs').map((pod) => ({
    containers: listAt(pod, 'spec', 'containers').map(containerIdentity),
    initContainers: listAt(pod, 'spec', 'initContainers').map(containerIdentity),
  }));
  return { ...(isRecord(graph) ? { graph } : {}), pods };
}

/** What somebody else did with the traffic: a third predictor that has some, a share that is none; null: nothing. */
export function foreignPredictor({ all, others }: Predictors): string | null {
  const problem = all.find((one) => !one.isShadow && one.problem !== undefined)?.problem;
  if (problem !== undefined) return problem;
  const served = others.find(({ traffic }) => traffic > 0);
  return served === undefined ? null : `predictor ${served.name} has ${served.traffic} % of the traffic.`;
}
