import { createHash } from 'node:crypto';
import type { ArmCounts, BeforeLook, Look, Observations } from '../domain/observations.js';
import type { Policy } from '../domain/policy.js';
import type { Question } from './question.js';

/** Hex digits of a hash that are kept: 80 bits are plenty to tell documents of one history apart. */
const hashLength = 20;

function hash(parts: readonly string[]): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part).update('\n');
  return digest.digest('hex').slice(0, hashLength);
}

/** A hash of a policy's settings; its name does not count. */
export function policyHash(policy: Policy): string {
  return hash([JSON.stringify({ ...policy, name: undefined })]);
}

/** A hash of policy, observations and question: same inputs, same id. */
export function documentId(policy: Policy, observations: Observations, question: Question): string {
  const { looks, before, ...head } = observations;
  const asOfMs = observations.asOfMs;
  const settled = asOfMs === undefined ? looks : looks.filter((look) => look.endMs <= asOfMs);
  return hash([
    JSON.stringify(policy),
    JSON.stringify([question.guardrail, question.promoteWith, question.weight]),
    JSON.stringify(head),
    ...before.map(lookHash),
    ...settled.map(lookHash),
  ]);
}

/** Looks are read many times, once a verdict: their hash is kept as long as they live. */
const lookHashes = new WeakMap<Look | BeforeLook, string>();

function lookHash(look: Look | BeforeLook): string {
  const known = lookHashes.get(look);
  if (known !== undefined) return known;
  const { canary, stable, ...rest } = 'canary' in look ? look : { ...look, canary: undefined };
  const text = hash([JSON.stringify([rest, armParts(canary), armParts(stable)])]);
  lookHashes.set(look, text);
  return text;
}

function armParts(arm: ArmCounts | undefined): unknown {
  return arm === undefined
    ? null
    : { ...arm, predictions: [...arm.predictions], outcomes: [...arm.outcomes] };
}
