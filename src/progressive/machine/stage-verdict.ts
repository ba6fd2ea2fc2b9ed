import type { Verdict, VerdictDocument } from '../../domain/verdict.js';
import type { VerdictRequest } from './verdict-request.js';

/** As much of a verdict document as driving needs, with what it was asked for. */
export interface StageVerdict {
  readonly key: string;
  readonly attempt: number;
  readonly canary: string;
  readonly stable: string;
  /** The end of the looks it was made from. */
  readonly toMs: number;
  readonly id: string;
  readonly verdict: Verdict;
  readonly sentence: string;
  /** Whether nothing was judged (no data, a source that is down): no such hold lets a canary go on. */
  readonly isBlind: boolean;
  readonly guarantee: 'stated' | 'none';
  /** Whose traffic was judged, as the judge knows it; absent: not told. */
  readonly subject?: string | undefined;
}

/** That a question was not answered, with the reason: nothing moves by it, and people are told why nothing does. */
export interface Unanswered {
  readonly unanswered: string;
}

/** As much of a verdict document as is read. */
export type ReadDocument = Pick<
  VerdictDocument,
  'id' | 'verdict' | 'canary' | 'stable' | 'measurement' | 'asOf'
> & {
  readonly guardrails: readonly { readonly estimate: number | null }[];
  readonly guarantee: unknown;
};

/** A document as the answer to a request. It reaches no farther than its source did. */
export function stageVerdict(request: VerdictRequest, document: ReadDocument): StageVerdict {
  return {
    key: request.key,
    attempt: request.attempt,
    canary: document.canary,
    stable: document.stable ?? '',
    toMs: document.asOf === null ? request.toMs : Math.min(request.toMs, Date.parse(document.asOf)),
    id: document.id,
    verdict: document.verdict,
    sentence: document.measurement[2],
    isBlind: document.guardrails.every((guardrail) => guardrail.estimate === null),
    guarantee: document.guarantee === 'none' ? 'none' : 'stated',
  };
}
