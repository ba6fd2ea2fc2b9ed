import { ingestOutcomes, outcomeLineSchema } from '../../ingest/index.js';
import { ingestOperation } from './ingest-operation.js';
import type { Route } from './route.js';

/** What became of predictions. */
export const outcomesRoute: Route = {
  path: '/v1/outcomes',
  head: false,
  scope: 'ingest',
  pool: 'ingest',
  post: ingestOperation({
    kind: 'outcomes',
    operationId: 'postOutcomes',
    summary: 'Count what became of predictions',
    line: outcomeLineSchema,
    ingest: ingestOutcomes,
  }),
};
