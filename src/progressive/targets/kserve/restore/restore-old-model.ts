import { setTimeout as pause } from 'node:timers/promises';
import type { ClusterApi, ObjectReference } from '../../../cluster/cluster-api.js';
import type { TargetResult } from '../../../target.js';
import { resultOfFailure } from '../../result-of-failure.js';
import { sendPlan } from '../../send-plan.js';
import type { SentPatch } from '../../target-kind.js';
import { predictorOf } from '../knative/predictor-of.js';
import { revisionsOf } from '../knative/revisions.js';
import { lookAtRestoring, type Look, type Restoring } from './look-at-restoring.js';
import { planReleasing, planRestoring } from './restore-plans.js';

/** What is being done, for people who watch. */
export type RestoreStep =
  | { readonly kind: 'restoring'; readonly patch: SentPatch }
  | { readonly kind: 'waiting'; readonly text: string }
  | { readonly kind: 'releasing'; readonly patch: SentPatch; readonly revision: string }
  | { readonly kind: 'restored'; readonly revision: string };

/** `failed`: the old model does not load; it has no traffic, and everything stays with the stable version. */
export type RestoreResult = TargetResult | { readonly kind: 'failed'; readonly reason: string };

export interface RestoreOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((step: RestoreStep) => void) | undefined;
  /** The first change is checked by the server and not made; what comes after it cannot be. */
  readonly dryRun?: boolean | undefined;
  /** How long to wait between two looks. */
  readonly pollMs?: number | undefined;
}

/**
 * Puts the old model back into an InferenceService in Knative mode whose canary was rolled back to 0, in the only order that
 * never gives the bad revision traffic: the old model while the share stays 0; until its revision is ready; then the share goes.
 * Both changes at once would send everything to the last revision that was ready, which is the bad one. It can be called again
 * after it was interrupted. Throws only the reason of an abort.
 *
 * @param oldModel the fields of `spec.predictor.model` that were otherwise, null for one that was not there
 */
export async function restoreOldModel(
  api: ClusterApi,
  reference: ObjectReference,
  oldModel: Readonly<Record<string, unknown>>,
  { signal, onStep, dryRun, pollMs = 2000 }: RestoreOptions = {},
): Promise<RestoreResult> {
  const answer = await api.get(reference, signal);
  if (answer.kind !== 'ok') return resultOfFailure(answer);
  const service = answer.value;
  const plan = planRestoring(service, oldModel);
  if (plan.kind !== 'patch') return plan;
  const isChange = plan.operations.length > 0;
  if (isChange) {
    const onPatch = (patch: SentPatch) => onStep?.({ kind: 'restoring', patch });
    const result = await sendPlan({ api, dryRun, onPatch }, reference, plan, signal);
    if (result.kind !== 'done') return result;
  }
  if (dryRun === true) return { kind: 'done' };
  const restoring: Restoring = {
    uid: service.metadata.uid,
    oldModel,
    before: isChange ? revisionsOf(service).created : undefined,
    seenReady: undefined,
    isReleasing: predictorOf(service).percent === null,
  };
  return finish({ api, reference, signal, onStep, pollMs }, restoring);
}

interface Surroundings {
  readonly api: ClusterApi;
  readonly reference: ObjectReference;
  readonly signal: AbortSignal | undefined;
  readonly onStep: ((step: RestoreStep) => void) | undefined;
  readonly pollMs: number;
}

/** Waits for the restored revision, takes the share away, and waits until it has everything. */
async function finish(
  { api, reference, signal, onStep, pollMs }: Surroundings,
  begun: Restoring,
): Promise<RestoreResult> {
  let restoring = begun;
  let told: string | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await api.get(reference, signal);
    if (answer.kind !== 'ok' && answer.kind !== 'unavailable') return resultOfFailure(answer);
    if (answer.kind === 'ok') {
      const look = lookAtRestoring(answer.value, restoring);
      switch (look.kind) {
        case 'failed':
        case 'conflict':
          return look;
        case 'restored':
          onStep?.(look);
          return { kind: 'done' };
        case 'ready': {
          const { revision } = look;
          const onPatch = (patch: SentPatch) => onStep?.({ kind: 'releasing', patch, revision });
          const plan = planReleasing(answer.value, revision);
          const result = await sendPlan({ api, onPatch }, reference, plan, signal);
          // Lost, or changed at the same moment: the next look says how it stands.
          if (result.kind === 'refused' || result.kind === 'gone') return result;
          restoring = { ...restoring, isReleasing: true };
          break;
        }
        case 'maybe-ready':
        case 'wait':
          if (look.text !== told) onStep?.({ kind: 'waiting', text: look.text });
          told = look.text;
      }
      restoring = { ...restoring, seenReady: readyRevision(look) };
    }
    await pause(pollMs, undefined, { signal });
  }
}

function readyRevision(look: Look): string | undefined {
  return look.kind === 'ready' || look.kind === 'maybe-ready' ? look.revision : undefined;
}
