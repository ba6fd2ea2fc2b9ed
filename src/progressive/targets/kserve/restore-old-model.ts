import { setTimeout as pause } from 'node:timers/promises';
import type { ClusterApi, ObjectReference } from '../../cluster/cluster-api.js';
import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import type { TargetResult } from '../../target.js';
import { specGuard, uidGuard } from '../guards.js';
import { recordAt } from '../json-at.js';
import { conflict, patch, refused, type Plan } from '../plan.js';
import { resultOfFailure } from '../result-of-failure.js';
import { sendPlan } from '../send-plan.js';
import type { SentPatch } from '../target-kind.js';
import { deploymentModeOf } from './deployment-mode.js';
import { knativeReadiness } from './knative/knative-readiness.js';
import { observedPercent } from './knative/observed-percent.js';
import { percentPath, predictorOf } from './knative/predictor-of.js';
import { revisionsOf, revisionsPath, type Revisions } from './knative/revisions.js';
import { modelChanges } from './model-changes.js';
import { modelGuard } from './model-guard.js';
import { obstacleOf } from './obstacle-of.js';

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
 * Both changes at once would send everything to the last revision that was ready, which is the bad one. May be called again
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
  const first = await api.get(reference, signal);
  if (first.kind !== 'ok') return resultOfFailure(first);
  const plan = planRestoring(first.value, oldModel);
  if (plan.kind !== 'patch') return plan;
  if (plan.operations.length > 0) {
    onStep?.({ kind: 'restoring', patch: { reference, operations: plan.operations } });
    const result = await sendPlan({ api, dryRun }, reference, plan, signal);
    if (result.kind !== 'done' || dryRun === true) return result;
  } else if (dryRun === true) {
    return { kind: 'done' };
  }
  // Restored just now, its revision is another than the newest of before; restored by an earlier call, it is the newest.
  const before = plan.operations.length > 0 ? revisionsOf(first.value).created : undefined;
  return finish({ api, reference, oldModel, signal, onStep, pollMs }, first.value.metadata.uid, before);
}

interface Restoring {
  readonly api: ClusterApi;
  readonly reference: ObjectReference;
  readonly oldModel: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal | undefined;
  readonly onStep: ((step: RestoreStep) => void) | undefined;
  readonly pollMs: number;
}

/** Waits for the restored revision, takes the share away, and waits until it has everything. */
async function finish(
  { api, reference, oldModel, signal, onStep, pollMs }: Restoring,
  uid: string,
  before: string | undefined,
): Promise<RestoreResult> {
  let restored: string | undefined;
  let seenReady: string | undefined;
  let told = '';
  for (;;) {
    signal?.throwIfAborted();
    const answer = await api.get(reference, signal);
    if (answer.kind === 'ok') {
      const service = answer.value;
      const revisions = revisionsOf(service);
      const changed = whatChanged(service, uid, oldModel, restored);
      if (changed !== undefined) return conflicted(changed);
      if (restored !== undefined && revisions.rolledOut === restored) {
        onStep?.({ kind: 'restored', revision: restored });
        return { kind: 'done' };
      }
      const readiness = knativeReadiness(service, revisions);
      const isNew = revisions.created !== undefined && revisions.created !== before;
      if (isNew && readiness.kind === 'failed') return { kind: 'failed', reason: readiness.text };
      const ready = isNew ? readyWithoutTraffic(service, revisions) : undefined;
      // Twice the same: a status that is older than the change of an earlier call is told by that.
      if (restored === undefined && ready !== undefined && (before !== undefined || ready === seenReady)) {
        const plan = planReleasing(service, ready);
        onStep?.({ kind: 'releasing', patch: { reference, operations: plan.operations }, revision: ready });
        const result = await sendPlan({ api }, reference, plan, signal);
        if (result.kind !== 'done' && result.kind !== 'unavailable' && result.kind !== 'conflict')
          return result;
        if (result.kind === 'done') restored = ready;
      }
      seenReady = ready;
      const text = restored === undefined ? waitingFor(revisions, before) : `${restored} gets the traffic`;
      if (text !== told) onStep?.({ kind: 'waiting', text });
      told = text;
    } else if (answer.kind === 'not-found' || answer.kind === 'forbidden') {
      return resultOfFailure(answer);
    }
    await pause(pollMs, undefined, { signal });
  }
}

function planRestoring(
  service: KubernetesObject,
  oldModel: Readonly<Record<string, unknown>>,
): Exclude<Plan, { readonly kind: 'patch' }> | Extract<Plan, { readonly kind: 'patch' }> {
  const obstacle = obstacleOf(service);
  if (obstacle !== undefined) return refused(obstacle);
  if (deploymentModeOf(service).kind !== 'knative') {
    return refused('only in Knative mode does a rollback leave the new model where the old one was');
  }
  const { fields, percent, writtenPercent } = predictorOf(service);
  if (percent !== 0) {
    const share = percent === null ? 'not set' : `${percent} %`;
    return refused(`the canary's share has to be 0 for this, it is ${share}: roll back first`);
  }
  const model = recordAt(fields, 'model');
  if (model === undefined) return refused('spec.predictor.model is not there, so that it cannot be restored');
  const changes = modelChanges(model, oldModel, '/spec/predictor/model');
  if (changes.length === 0) return patch([]);
  if (observedPercent(service, revisionsOf(service), 0).percent !== 0) {
    return conflict('the traffic has not followed the rollback yet');
  }
  return patch([
    uidGuard(service),
    ...specGuard(service),
    ...modelGuard(fields, '/spec/predictor'),
    { op: 'test', path: percentPath, value: writtenPercent },
    ...changes,
  ]);
}

function planReleasing(
  service: KubernetesObject,
  revision: string,
): Extract<Plan, { readonly kind: 'patch' }> {
  const { fields, writtenPercent } = predictorOf(service);
  return {
    kind: 'patch',
    operations: [
      uidGuard(service),
      ...specGuard(service),
      ...modelGuard(fields, '/spec/predictor'),
      { op: 'test', path: percentPath, value: writtenPercent },
      { op: 'test', path: `${revisionsPath}/latestCreatedRevision`, value: revision },
      { op: 'test', path: `${revisionsPath}/latestReadyRevision`, value: revision },
      { op: 'remove', path: percentPath },
    ],
  };
}

/** The newest revision, once it is ready and has nothing. */
function readyWithoutTraffic(service: KubernetesObject, revisions: Revisions): string | undefined {
  const { created, ready } = revisions;
  const hasNothing = observedPercent(service, revisions, 0).percent === 0;
  return created === ready && hasNothing ? created : undefined;
}

/** What somebody else did in the meantime; undefined: nothing. */
function whatChanged(
  service: KubernetesObject,
  uid: string,
  oldModel: Readonly<Record<string, unknown>>,
  restored: string | undefined,
): string | undefined {
  if (service.metadata.uid !== uid) return 'another resource has the name now';
  const { fields, percent } = predictorOf(service);
  if (modelChanges(recordAt(fields, 'model') ?? {}, oldModel, '').length > 0) {
    return 'another model was applied meanwhile';
  }
  const isExpected = percent === (restored === undefined ? 0 : null);
  return isExpected ? undefined : "somebody else changed the canary's share meanwhile";
}

function conflicted(reason: string): RestoreResult {
  return { kind: 'conflict', reason };
}

function waitingFor({ created, ready }: Revisions, before: string | undefined): string {
  if (created === undefined || created === before) return 'the revision of the old model is not made yet';
  return created === ready ? `${created} is ready` : `${created} is not ready yet`;
}
