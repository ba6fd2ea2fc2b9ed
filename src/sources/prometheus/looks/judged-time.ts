import type { LookRules } from '../../looks/look-rules.js';
import type { MinuteSpan } from '../../looks/judged-span.js';

/** What decides which of the kept looks are judged. */
export interface JudgedTime {
  readonly span: MinuteSpan;
  /** The instants for which the canary was told to be rolled back. */
  readonly rollbacks: readonly number[];
  readonly rules: LookRules;
  readonly settleMs: number;
  readonly server: string;
}
