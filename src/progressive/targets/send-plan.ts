import type { ObjectReference } from '../cluster/cluster-api.js';
import type { PatchOperation } from '../cluster/patch-operation.js';
import type { TargetResult } from '../target.js';
import type { Plan } from './plan.js';
import { resultOfFailure } from './result-of-failure.js';
import type { TargetContext } from './target-kind.js';

/** Sends what was planned in one request; with `dryRun` the server only checks it. */
export async function sendPlan(
  context: Pick<TargetContext, 'api' | 'onPatch' | 'dryRun'>,
  reference: ObjectReference,
  plan: Plan,
  signal: AbortSignal | undefined,
): Promise<TargetResult> {
  if (plan.kind !== 'patch') return plan;
  const operations: readonly PatchOperation[] = plan.operations;
  context.onPatch?.({ reference, operations });
  const answer = await context.api.patch(reference, operations, {
    signal,
    ...(context.dryRun === true ? { dryRun: true } : {}),
  });
  if (answer.kind !== 'ok') return resultOfFailure(answer);
  const objection = plan.objection?.(answer.value);
  return objection === undefined ? { kind: 'done' } : { kind: 'refused', reason: objection };
}
