import { createHash } from 'node:crypto';
import type { Policy } from '../domain/policy.js';
import { formatInstant } from '../domain/units.js';
import type { ReasonCode, VerdictDocument } from '../domain/verdict.js';
import { policyHash } from './document-id.js';
import { guaranteeOf } from './guarantee.js';
import { measurementSentence } from './measurement.js';

/** Why a document holds before anything was judged. */
export interface HoldCause {
  readonly model: string;
  readonly canary: string;
  readonly stable?: string;
  readonly guardrail?: string;
  /** The policy that would have judged, or the name that the caller gave. */
  readonly policy: Policy | string;
  readonly asOfMs?: number;
  readonly code: ReasonCode;
  /** One sentence: what is wrong, where, and what was expected. */
  readonly text: string;
}

/**
 * A hold with one reason, in the shape of every verdict document: for an unknown name, a bad argument, or a source
 * that cannot be read. When in doubt, hold; never an empty answer, never a promote.
 */
export function holdDocument(cause: HoldCause): VerdictDocument {
  const { policy } = cause;
  const named = typeof policy === 'string';
  return {
    id: createHash('sha256').update(JSON.stringify(cause)).digest('hex').slice(0, 20),
    verdict: 'hold',
    code: 0,
    literalVerdict: 'hold',
    measurement: [null, 'hold', measurementSentence(`${cause.code}: ${cause.text}`)],
    model: cause.model,
    canary: cause.canary,
    stable: cause.stable ?? null,
    policy: named ? policy : policy.name,
    policyHash: named ? '' : policyHash(policy),
    mode: named ? 'evidence' : policy.mode,
    ...(cause.guardrail === undefined ? {} : { guardrail: cause.guardrail }),
    asOf: cause.asOfMs === undefined ? null : formatInstant(cause.asOfMs),
    looks: 0,
    stage: 1,
    restarts: 0,
    reasons: [{ code: cause.code, guardrail: cause.guardrail ?? null, text: cause.text }],
    guardrails: [],
    decidedWithout: [],
    sampleRatio: null,
    guarantee: named ? 'none' : guaranteeOf(policy, 'random', cause.guardrail),
  };
}
