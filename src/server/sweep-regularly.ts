import type { Ledger, SweepReport } from '../sources/index.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { LedgerGrowth } from './ledger-growth.js';

const secondMs = 1000;

/** What the ledger is looked after with. */
export interface SweepingParts {
  readonly ledger: Ledger;
  readonly now: () => number;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'ledgerUp' | 'ledgerSize' | 'ledgerSwept'>;
  /** How often it is looked at. */
  readonly lookEveryMs?: number;
  /** How long after the start it is swept for the first time: a service that is often restarted sweeps too. */
  readonly firstAfterMs?: number;
  readonly sweepEveryMs?: number;
  /** How often it is swept while it is larger than it may be. */
  readonly whenLargeEveryMs?: number;
}

/**
 * Looks after the ledger until the answer is called: shows whether it answers and how large it is, and sweeps it
 * once an hour, or sooner when it is too large. What cannot be swept now can be later.
 */
export function sweepRegularly({
  ledger,
  now,
  logger,
  metrics,
  lookEveryMs = 10 * secondMs,
  firstAfterMs = 60 * secondMs,
  sweepEveryMs = 3600 * secondMs,
  whenLargeEveryMs = 60 * secondMs,
}: SweepingParts): () => void {
  let busy = false;
  let stopped = false;
  let sweptAt = performance.now() + firstAfterMs - sweepEveryMs;
  let wasFull = false;
  const growth = new LedgerGrowth(() => ledger.settings.maxSizeBytes);

  const look = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      const size = await sizeOf(ledger);
      if (stopped) return;
      metrics.ledgerUp.set(ledger.status().available ? 1 : 0);
      if (size !== undefined) metrics.ledgerSize.set(size);
      const sinceMs = performance.now() - sweptAt;
      const isDue = sinceMs >= sweepEveryMs || (sinceMs >= whenLargeEveryMs && growth.calls(size));
      if (isDue) await sweep();
    } finally {
      busy = false;
    }
  };
  const sweep = async (): Promise<void> => {
    sweptAt = performance.now();
    try {
      const report = await ledger.sweep(now());
      for (const [what, rows] of Object.entries(rowsOf(report))) metrics.ledgerSwept.inc({ what }, rows);
      logger.debug(report, 'swept the ledger');
      if (report.full !== undefined && !wasFull) logger.error({ reason: report.full }, 'the ledger is full');
      wasFull = report.full !== undefined;
      growth.swept(await sizeOf(ledger), wasFull);
    } catch (error) {
      logger.warn({ err: error }, 'the ledger could not be swept');
    }
  };
  const timer = setInterval(() => void look(), lookEveryMs);
  timer.unref();
  void look();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

/** The size of the ledger; undefined while it does not answer, which its status tells. */
async function sizeOf(ledger: Ledger): Promise<number | undefined> {
  try {
    return await ledger.size();
  } catch {
    return undefined;
  }
}

/** The removed rows by the words that the metric uses. */
function rowsOf(report: SweepReport): Readonly<Record<string, number>> {
  const { predictionIds, pendingOutcomes, idempotencyKeys, minutes, verdicts, names } = report;
  return {
    'prediction-ids': predictionIds,
    'pending-outcomes': pendingOutcomes,
    'idempotency-keys': idempotencyKeys,
    minutes,
    verdicts,
    names,
  };
}
