import type { VerdictRequest } from '../machine/verdict-request.js';
import type { StageVerdict } from '../machine/stage-verdict.js';

/** Whose traffic is judged, as ml-verdict knows it. */
export interface JudgedModel {
  readonly namespace: string;
  readonly model: string;
}

/** What came of a question about a stage. */
export type StageAnswer =
  | { readonly kind: 'verdict'; readonly verdict: StageVerdict }
  /** Nobody answered: the canary stays where it is. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Whom the driver asks. Never throws for what can be expected of a network. */
export interface StageJudge {
  ask(model: JudgedModel, request: VerdictRequest, signal: AbortSignal): Promise<StageAnswer>;
}
