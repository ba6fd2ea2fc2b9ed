import type { Ledger } from '../sources/index.js';
import type { Logger } from '../telemetry/logger.js';

const hourMs = 3600 * 1000;

/** Sweeps the ledger once an hour, until the answer is called. What cannot be swept now can be an hour later. */
export function sweepRegularly(
  ledger: Ledger,
  now: () => number,
  logger: Logger,
  everyMs = hourMs,
): () => void {
  const sweep = async (): Promise<void> => {
    try {
      logger.debug(await ledger.sweep(now()), 'swept the ledger');
    } catch (error) {
      logger.warn({ err: error }, 'the ledger could not be swept');
    }
  };
  const timer = setInterval(() => void sweep(), everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
