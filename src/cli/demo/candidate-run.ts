import type { GuardrailVerdict, Verdict, VerdictDocument } from '../../domain/verdict.js';
import type { RecordedCandidate, Recording } from './recording.js';

/** How a candidate's rollout ended, and where. */
export interface RunEnd {
  readonly kind: 'rolled-back' | 'promoted';
  readonly look: number;
  readonly document: VerdictDocument;
}

/** The plain thresholds' story: what they said first, and when they first said rollback. */
export interface PlainEnd {
  readonly first: { readonly look: number; readonly verdict: Verdict } | undefined;
  readonly rollback: { readonly look: number; readonly guardrails: readonly string[] } | undefined;
  /** In how many looks they said rollback, of how many. */
  readonly rollbackLooks: number;
  readonly looks: number;
}

/** A guardrail whose breach was proven while the policy says that a person decides. */
export interface OnHold {
  readonly look: number;
  readonly guardrail: string;
}

/**
 * One candidate's rollout as the shipped manifests drive it: 5 %, 25 %, 50 %. A rollback at any look ends it; at the
 * last weight the first promote does.
 */
export class CandidateRun {
  readonly candidate: RecordedCandidate;
  readonly #lastStageStart: number;
  #latest: VerdictDocument | undefined;
  #latestLook = 0;
  #end: RunEnd | undefined;
  #plainFirst: PlainEnd['first'];
  #plainRollback: PlainEnd['rollback'];
  #plainRollbackLooks = 0;
  #looks = 0;
  #onHold: OnHold | undefined;

  constructor(candidate: RecordedCandidate, recording: Recording) {
    this.candidate = candidate;
    this.#lastStageStart = firstLookOfLastWeight(recording);
  }

  /** Whether the recording still has traffic of this candidate in a look. */
  isRecorded(look: number): boolean {
    return look <= this.candidate.looks;
  }

  /** 0.8 on the way, 0.95 at the last weight, as the gated Rollout asks. */
  confidenceAt(look: number): string {
    return look >= this.#lastStageStart ? '0.95' : '0.8';
  }

  /** Takes the verdict of a look; tells whether it ended the rollout just now. */
  take(look: number, document: VerdictDocument): boolean {
    this.#plainFirst ??=
      document.literalVerdict === 'hold' ? undefined : { look, verdict: document.literalVerdict };
    this.#plainRollback ??=
      document.literalVerdict === 'rollback'
        ? { look, guardrails: breachedNames(document.guardrails) }
        : undefined;
    this.#looks += 1;
    if (document.literalVerdict === 'rollback') this.#plainRollbackLooks += 1;
    if (this.#end !== undefined) return false;
    const held = document.guardrails.find((one) => one.reasonCode === 'on-breach-hold');
    if (held !== undefined) this.#onHold ??= { look, guardrail: held.name };
    this.#latest = document;
    this.#latestLook = look;
    if (document.verdict === 'rollback') this.#end = { kind: 'rolled-back', look, document };
    else if (document.verdict === 'promote' && look >= this.#lastStageStart) {
      this.#end = { kind: 'promoted', look, document };
    }
    return this.#end !== undefined;
  }

  get end(): RunEnd | undefined {
    return this.#end;
  }

  /** The newest verdict that counted, and its look. */
  get latest(): { readonly look: number; readonly document: VerdictDocument } | undefined {
    return this.#latest === undefined ? undefined : { look: this.#latestLook, document: this.#latest };
  }

  get plain(): PlainEnd {
    return {
      first: this.#plainFirst,
      rollback: this.#plainRollback,
      rollbackLooks: this.#plainRollbackLooks,
      looks: this.#looks,
    };
  }

  /** Where a proven breach first asked for a person, if any did. */
  get onHold(): OnHold | undefined {
    return this.#onHold;
  }
}

function breachedNames(guardrails: readonly GuardrailVerdict[]): readonly string[] {
  return guardrails.filter((one) => one.literalVerdict === 'rollback').map((one) => one.name);
}

function firstLookOfLastWeight(recording: Recording): number {
  const last = recording.weightOf(recording.looks);
  let look = recording.looks;
  while (look > 1 && recording.weightOf(look - 1) === last) look -= 1;
  return look;
}
