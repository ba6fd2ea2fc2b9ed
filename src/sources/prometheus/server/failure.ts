import type { QueryOutcome } from './server-observer.js';

/** Why there is no answer that could be counted. */
export interface Failure {
  readonly kind: 'failure';
  readonly outcome: Exclude<QueryOutcome, 'answered'>;
  /** What the server does or is, as the rest of a sentence that begins with its name. Never holds a secret. */
  readonly reason: string;
  /** Whether it tells that the server is ill: such failures open the breaker. */
  readonly isIll: boolean;
  /** Present where asking once more may help: after so many milliseconds, or with other credentials. */
  readonly again?: { readonly kind: 'later'; readonly afterMs: number } | { readonly kind: 'renewed' };
}

/** Whether something that came in place of an answer is a failure. */
export function isFailure(result: unknown): result is Failure {
  return typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'failure';
}

/** A failure that says nothing of the health of the server, and that asking once more would not mend. */
export function refusal(outcome: Failure['outcome'], reason: string): Failure {
  return { kind: 'failure', outcome, reason, isIll: false };
}

/** A failure of the server itself, or of what lies between. */
export function illness(outcome: Failure['outcome'], reason: string): Failure {
  return { kind: 'failure', outcome, reason, isIll: true };
}
