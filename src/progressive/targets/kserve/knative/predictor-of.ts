import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import { fingerprintOf } from '../../fingerprint-of.js';
import { numberAt, recordAt, without } from '../../json-at.js';
import { wholePercent } from '../../percent.js';

export interface Predictor {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Changes with everything that makes a new revision, and not with the share. */
  readonly fingerprint: string;
  /** The share as it stands there, which may be any number; undefined: the field is absent. */
  readonly writtenPercent: number | undefined;
  /** The share that is meant; null: the field is absent. */
  readonly percent: number | null;
}

/** The share stands in the predictor, and KServe takes it out before it makes a revision of the rest. */
const field = 'canaryTrafficPercent';

export const percentPath = `/spec/predictor/${field}`;

export function predictorOf(service: KubernetesObject): Predictor {
  const fields = recordAt(service, 'spec', 'predictor') ?? {};
  const writtenPercent = numberAt(fields, field);
  return {
    fields,
    fingerprint: fingerprintOf(without(fields, field)),
    writtenPercent,
    percent: writtenPercent === undefined ? null : wholePercent(writtenPercent),
  };
}
