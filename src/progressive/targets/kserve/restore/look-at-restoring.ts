import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import { recordAt } from '../../json-at.js';
import { knativeReadiness } from '../knative/knative-readiness.js';
import { observedPercent } from '../knative/observed-percent.js';
import { predictorOf } from '../knative/predictor-of.js';
import { revisionsOf, type Revisions } from '../knative/revisions.js';
import { modelChanges } from '../model-changes.js';

/** What is known while an old model is put back. */
export interface Restoring {
  readonly uid: string;
  readonly oldModel: Readonly<Record<string, unknown>>;
  /** The newest revision before the model was changed; undefined: it was changed by an earlier call. */
  readonly before: string | undefined;
  /** The restored revision of the look before, if it was ready. */
  readonly seenReady: string | undefined;
  /** Whether the share was asked to be taken away. */
  readonly isReleasing: boolean;
}

/** How far it is. */
export type Look =
  | { readonly kind: 'restored'; readonly revision: string }
  /** The revision is ready and has nothing: the share can go. */
  | { readonly kind: 'ready'; readonly revision: string }
  /** Ready, and not yet certain to be the restored one. */
  | { readonly kind: 'maybe-ready'; readonly revision: string; readonly text: string }
  | { readonly kind: 'wait'; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'conflict'; readonly reason: string };

export function lookAtRestoring(service: KubernetesObject, restoring: Restoring): Look {
  const changed = whatChanged(service, restoring);
  if (changed !== undefined) return { kind: 'conflict', reason: changed };
  const revisions = revisionsOf(service);
  const { created, ready, rolledOut } = revisions;
  const { before, seenReady } = restoring;
  if (created === undefined || created === before) {
    return { kind: 'wait', text: 'the revision of the old model is not made yet' };
  }
  const readiness = knativeReadiness(service, revisions);
  if (readiness.kind === 'failed') return { kind: 'failed', reason: readiness.text };
  if (predictorOf(service).percent === null) {
    return rolledOut === created
      ? { kind: 'restored', revision: created }
      : { kind: 'wait', text: `${created} gets the traffic` };
  }
  if (created !== ready) {
    const why = readiness.kind === 'ready' ? '' : `: ${readiness.text}`;
    return { kind: 'wait', text: `${created} is not ready yet${why}` };
  }
  if (!hasNothing(service, revisions)) return { kind: 'wait', text: 'the traffic is still moving' };
  // A status that is older than the change of an earlier call is told by looking twice.
  return before !== undefined || seenReady === created
    ? { kind: 'ready', revision: created }
    : { kind: 'maybe-ready', revision: created, text: `${created} is ready` };
}

function hasNothing(service: KubernetesObject, revisions: Revisions): boolean {
  return observedPercent(service, revisions, 0).percent === 0;
}

/** What somebody else did in the meantime; undefined: nothing. */
function whatChanged(
  service: KubernetesObject,
  { uid, oldModel, isReleasing }: Restoring,
): string | undefined {
  if (service.metadata.uid !== uid) return 'another resource has the name now';
  const { fields, percent, problem } = predictorOf(service);
  if (modelChanges(recordAt(fields, 'model') ?? {}, oldModel, '').length > 0) {
    return 'another model was applied meanwhile';
  }
  const isReleased = isReleasing && percent === null && problem === undefined;
  const isExpected = percent === 0 || isReleased;
  return isExpected ? undefined : "somebody else changed the canary's share meanwhile";
}
