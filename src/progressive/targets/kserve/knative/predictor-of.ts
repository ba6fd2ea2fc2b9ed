import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import { fingerprintOf } from '../../fingerprint-of.js';
import { recordAt, valueAt, without } from '../../json-at.js';
import { isWholePercent, percentProblem } from '../../percent.js';
import { normalisedPredictor } from '../predictor-model.js';

export interface Predictor {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Changes with everything that makes a new revision but its resources, and not with the share. */
  readonly fingerprint: string;
  /** The share as it stands there, which may be anything; undefined: the field is absent. */
  readonly writtenPercent: unknown;
  /** The share that is meant; null: the field is absent, or it is no share. */
  readonly percent: number | null;
  /** Why what is written is no share; undefined: it is one, or there is none. */
  readonly problem: string | undefined;
}

/** The share stands in the predictor, and KServe takes it out before it makes a revision of the rest. */
const field = 'canaryTrafficPercent';

export const percentPath = `/spec/predictor/${field}`;

export function predictorOf(service: KubernetesObject): Predictor {
  const fields = recordAt(service, 'spec', 'predictor') ?? {};
  const writtenPercent = valueAt(fields, field) ?? undefined;
  return {
    fields,
    fingerprint: fingerprintOf(normalisedPredictor(without(fields, field))),
    writtenPercent,
    percent: isWholePercent(writtenPercent) ? writtenPercent : null,
    problem: percentProblem(`spec.predictor.${field}`, writtenPercent),
  };
}
