import type { Config } from '../../config/config.js';
import type { VerdictDocument } from '../../domain/verdict.js';
import { upstreamObserver, type Logger } from '../../telemetry/index.js';
import { createMetrics } from '../../telemetry/metrics.js';
import type { Ledger } from '../../sources/index.js';
import { anonymous } from '../access/caller.js';
import { ModelSources } from '../sources/model-sources.js';
import { LastVerdicts } from './last-verdicts.js';
import { VerdictService } from './verdict-service.js';

/** What answers questions inside of this process. */
export interface LocalVerdicts {
  /** Answers the arguments of `POST /v1/verdict`, as the service would; what is wrong is a hold. */
  answer(args: Readonly<Record<string, unknown>>): Promise<VerdictDocument>;
  close(): void;
}

/** Answers questions without a server. The ledger stays the caller's. */
export function localVerdicts(parts: {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly logger: Logger;
  readonly now: () => number;
}): LocalVerdicts {
  const metrics = createMetrics({ processMetrics: false });
  const sources = new ModelSources(parts.config, parts.ledger, upstreamObserver(metrics));
  const verdicts = new VerdictService({ ...parts, sources, metrics, lastVerdicts: new LastVerdicts() });
  return {
    answer: async (args) => {
      const asked = { text: JSON.stringify(args), read: () => ({ values: args, errors: [] }) };
      const given = await verdicts.answer(asked, anonymous, { requestId: 'local' });
      // Whoever runs the process may ask for every model.
      if (given === undefined) throw new Error('the process refused its own question');
      return given.document;
    },
    close: () => {
      sources.close();
    },
  };
}
