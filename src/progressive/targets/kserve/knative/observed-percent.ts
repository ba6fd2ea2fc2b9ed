import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import { statusConditionOf } from '../../condition-of.js';
import { canaryOf, type Revisions } from './revisions.js';

/** The share that the canary really has, or why that cannot be told. */
export interface Seen {
  readonly percent: number | null;
  readonly note: string | null;
}

/**
 * Whether the canary has the share that was asked for. The generation in the status is that of Knative's service, so that it
 * cannot tell how new the status is: only the traffic itself can.
 *
 * @param asked as the spec has it, 100 where the field is absent
 */
export function observedPercent(service: KubernetesObject, revisions: Revisions, asked: number): Seen {
  const { created, ready, rolledOut, traffic } = revisions;
  const canary = canaryOf(revisions);
  if (canary === null) return { percent: null, note: null };
  // Knative keeps the share that was asked for on the last revision that is ready: the stable one, say.
  if (created !== ready) return { percent: 0, note: `revision ${canary} is not ready` };
  const parts = traffic.filter((part) => part.percent > 0);
  if (parts.filter((part) => part.isLatest).length > 1) {
    return { percent: null, note: 'Knative moves the traffic gradually and has not finished' };
  }
  const latest = traffic.find((part) => part.isLatest);
  const previous = traffic.find((part) => part.isPrevious);
  const hasShare = latest?.revision === canary && latest.percent === asked;
  const hasRest = asked === 100 || (previous?.revision === rolledOut && previous?.percent === 100 - asked);
  const sum = parts.reduce((total, part) => total + part.percent, 0);
  if (!hasShare || !hasRest || sum !== 100) {
    return { percent: null, note: `the status does not show ${asked} % yet, but ${written(revisions)}` };
  }
  const route = statusConditionOf(service, 'PredictorRouteReady');
  if (route?.status !== 'True') {
    return {
      percent: null,
      note: `the route is not ready${route?.text === undefined ? '' : `: ${route.text}`}`,
    };
  }
  return { percent: asked, note: null };
}

function written({ traffic }: Revisions): string {
  const parts = traffic.map(({ revision, percent }) => `${percent} % for ${revision ?? 'no revision'}`);
  return parts.length === 0 ? 'no traffic' : parts.join(', ');
}
