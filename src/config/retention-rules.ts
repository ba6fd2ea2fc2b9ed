import type { FieldError } from '../domain/errors.js';
import { maximumBeforeLooks } from '../domain/observations.js';

/** The settings of what is counted, judged and kept. */
export interface Retention {
  readonly ingest: { readonly maxAgeMs: number };
  readonly looks: { readonly lookbackMs: number };
  readonly ledger: { readonly keepCountsMs: number; readonly keepVerdictsMs: number };
}

const beforeMs = maximumBeforeLooks * 60_000;

/**
 * What is judged has to be kept. A join window that is longer than counts are kept is allowed: an outcome that comes
 * so late is of no canary that is still judged.
 */
export function retentionErrors({ ingest, looks, ledger }: Retention): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (ingest.maxAgeMs > ledger.keepCountsMs) {
    errors.push({ path: 'ingest.maxAge', message: 'expected at most ledger.keepCounts, got more' });
  }
  if (ledger.keepCountsMs < looks.lookbackMs + beforeMs) {
    errors.push({
      path: 'ledger.keepCounts',
      message: `expected at least looks.lookback and ${maximumBeforeLooks} minutes more, from which a verdict is made, got less`,
    });
  }
  if (ledger.keepVerdictsMs < looks.lookbackMs) {
    errors.push({
      path: 'ledger.keepVerdicts',
      message: 'expected at least looks.lookback, since a rollback ends the life of a canary, got less',
    });
  }
  return errors;
}
