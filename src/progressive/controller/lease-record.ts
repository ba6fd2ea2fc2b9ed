import type { ObjectReference } from '../cluster/cluster-api.js';
import type { KubernetesObject } from '../cluster/kubernetes-object.js';
import { isRecord } from '../cluster/read-object.js';

/** Who leads, as the cluster has it written down. */
export interface LeaseRecord {
  /** Empty: nobody. */
  readonly holder: string;
  /** Changes with every renewal. */
  readonly renewTime: string;
  readonly durationSeconds: number;
  readonly transitions: number;
  readonly acquireTime: string;
}

export function leaseReference(namespace: string, name: string): ObjectReference {
  return { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', namespace, name };
}

export function readLease({ spec }: KubernetesObject): LeaseRecord {
  const fields = isRecord(spec) ? spec : {};
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const number = (name: string): number => (typeof fields[name] === 'number' ? fields[name] : 0);
  return {
    holder: text('holderIdentity'),
    renewTime: text('renewTime'),
    durationSeconds: number('leaseDurationSeconds'),
    transitions: number('leaseTransitions'),
    acquireTime: text('acquireTime'),
  };
}

export function leaseSpec(record: LeaseRecord): object {
  return {
    holderIdentity: record.holder,
    leaseDurationSeconds: record.durationSeconds,
    acquireTime: record.acquireTime,
    renewTime: record.renewTime,
    leaseTransitions: record.transitions,
  };
}

/** An instant as leases have it: with microseconds. */
export function microTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '000Z');
}
