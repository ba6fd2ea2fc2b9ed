import { ingestPredictions, predictionLineSchema } from '../../ingest/index.js';
import { ingestOperation } from './ingest-operation.js';
import type { Route } from './route.js';

/** Requests that versions of models have served. */
export const predictionsRoute: Route = {
  path: '/v1/predictions',
  head: false,
  scope: 'ingest',
  pool: 'ingest',
  post: ingestOperation({
    kind: 'predictions',
    operationId: 'postPredictions',
    summary: 'Count requests that versions of models have served',
    line: predictionLineSchema,
    ingest: ingestPredictions,
  }),
};
