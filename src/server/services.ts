import type { Config } from '../config/config.js';
import type { CountListener, MemoryBudget } from '../ingest/index.js';
import type { Ledger } from '../sources/index.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { Access } from './access/index.js';
import type { CallerRates } from './limits/caller-rates.js';
import type { Admission } from './limits/admission.js';
import type { ModelSources } from './sources/model-sources.js';
import type { VerdictService } from './verdict/verdict-service.js';

/** What the routes work with, made once by `startServer`. */
export interface Services {
  readonly config: Config;
  readonly ledger: Ledger;
  /** Where models are observed. */
  readonly sources: Pick<ModelSources, 'of'>;
  readonly verdicts: VerdictService;
  /** Says who asks. */
  readonly access: Access;
  readonly admission: Admission;
  readonly callerRates: CallerRates;
  readonly ingestMemory: MemoryBudget;
  /** Offers what is ingested as metrics, where the config wants that. */
  readonly ingested: CountListener;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Whether the service is about to stop: it is not ready then, but answers what still comes. */
  readonly isStopping: () => boolean;
  /** The OpenAPI document of the routes. */
  readonly openApi: Readonly<Record<string, unknown>>;
}
