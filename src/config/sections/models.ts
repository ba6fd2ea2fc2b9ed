import { z } from 'zod';
import { routings } from '../../domain/observations.js';
import { trafficFields } from '../../judge/index.js';
import { modelEvents } from './model-events.js';
import { modelPrometheus } from './model-prometheus.js';

const traffic = z
  .strictObject(trafficFields)
  .refine(({ outcomeMean = 0, outcomeDeviation }) => outcomeMean < 1 || outcomeDeviation !== undefined, {
    error: 'a share of yes below 100 %, or outcomeDeviation beside it',
    path: ['outcomeMean'],
  })
  .optional()
  .describe(
    'The traffic that the model is expected to have: `check-config` says where its policy cannot decide on it.',
  );

const modelEntry = z.strictObject({
  policy: z.string().min(1).optional().describe('The policy of verdicts that name none; absent: `default`.'),
  denominator: z
    .enum(['outcomes', 'predictions'])
    .optional()
    .describe(
      'What an outcome is a share of: `outcomes` (each outcome event is one exposure, zeros are sent) or `predictions` (every prediction is one). Absent: `outcomes`.',
    ),
  routing: z
    .enum(routings)
    .optional()
    .describe(
      'How requests come to the canary: `random` (each on its own), `sticky` (by user or session: comparisons with the stable version then never roll back, and promote without a stated rate) or `selected` (chosen requests: only absolute limits are judged). Absent: `random`.',
    ),
  source: z
    .enum(['ledger', 'prometheus'])
    .optional()
    .describe(
      'Where its counts come from: `ledger` (what is sent here) or `prometheus` (a server of `prometheus.servers`). Absent: `prometheus` where the model has settings for it, else `ledger`.',
    ),
  prometheus: modelPrometheus
    .optional()
    .describe('How the model is read from a server of `prometheus.servers`.'),
  events: modelEvents
    .optional()
    .describe(
      'How the events of its payload logger are read, and who may send them; absent: the defaults below.',
    ),
  traffic,
});

/** What is known of single models, by name; `namespace/model` for one of several namespaces, `*` for all others. */
export const modelsSection = z
  .record(z.string().min(1), modelEntry)
  .prefault({})
  .describe(
    'Settings by model: `model`, or `namespace/model` where namespaces differ. The entry `"*"` is for every model, and for what the entry of a model leaves out.',
  );
