import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import { fingerprintOf } from '../../fingerprint-of.js';
import { recordAt, valueAt } from '../../json-at.js';
import { isWholePercent, percentProblem } from '../../percent.js';
import { servedModel } from '../predictor-model.js';

export interface Predictor {
  readonly fields: Readonly<Record<string, unknown>>;
  /**
   * Changes with what is served. An edit of its replicas or its resources makes another revision of the same model: as bad as the
   * one before, and not judged by itself.
   */
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
    fingerprint: fingerprintOf(servedModel(fields)),
    writtenPercent,
    percent: isWholePercent(writtenPercent) ? writtenPercent : null,
    problem: percentProblem(`spec.predictor.${field}`, writtenPercent),
  };
}
