import { eventsRoute } from './events.js';
import { healthzRoute } from './healthz.js';
import { metricsRoute } from './metrics.js';
import { observationsRoute } from './observations.js';
import { openApiRoute } from './openapi.js';
import { outcomesRoute } from './outcomes.js';
import { planRoute } from './plan.js';
import { predictionsRoute } from './predictions.js';
import { readyzRoute } from './readyz.js';
import type { Route } from './route.js';
import { verdictByIdRoute } from './verdict-by-id.js';
import { verdictRoute } from './verdict.js';
import { verdictsRoute } from './verdicts.js';

/** Every route. A new one is one file and one line here; OpenAPI and the 404 hints follow from this list. */
export const routes: readonly Route[] = [
  verdictRoute,
  predictionsRoute,
  outcomesRoute,
  eventsRoute,
  observationsRoute,
  verdictsRoute,
  verdictByIdRoute,
  planRoute,
  metricsRoute,
  healthzRoute,
  readyzRoute,
  openApiRoute,
];
