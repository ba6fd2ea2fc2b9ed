import { eventLimits, type Config } from '../../config/index.js';
import { eventResults, PayloadEvents, type EventResult } from '../../ingest/events/index.js';
import type { CountListener } from '../../ingest/index.js';
import type { Ledger } from '../../sources/index.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { failureCause } from '../http/failure-cause.js';
import { seldom } from './seldom.js';

/** What the intake of payload events works with. */
export interface PayloadEventsServices {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
  /** Is told of what was counted. */
  readonly ingested?: CountListener;
}

/** A ledger that is away says so at every attempt; that is logged so often at most. */
const logEveryMs = 10_000;

/** Starts to take payload events. It lives as long as the service, whatever config is in force later; close it before the ledger. */
export function startPayloadEvents({
  config,
  ledger,
  metrics,
  logger,
  now,
  ingested,
}: PayloadEventsServices): PayloadEvents {
  for (const result of Object.keys(eventResults) as EventResult[]) metrics.events.inc({ result }, 0);
  const logFailure = seldom(logEveryMs, (skipped, error) => {
    const reason = error instanceof Error ? error.message : 'unknown';
    logger.warn({ reason, cause: failureCause(error), skipped }, 'counts of payload events were not written');
  });
  return new PayloadEvents({
    ledger,
    now,
    limits: eventLimits(config),
    onResult: (result, count) => {
      metrics.events.inc({ result }, count);
    },
    onFailure: logFailure,
    listener: ingested,
  });
}
