import { z } from 'zod';
import { durationSetting } from '../settings.js';

/** How the payload events of a model are read, and who may send them. */
export const modelEvents = z
  .strictObject({
    access: z
      .enum(['ingest', 'open'])
      .prefault('ingest')
      .describe(
        'Who may send them: `ingest` only callers with that scope for the model; `open` everybody who reaches the service, since payload loggers send no credentials: let the network decide then who that is.',
      ),
    mode: z
      .enum(['response', 'all'])
      .prefault('response')
      .describe(
        'What the logger sends, as its own `mode`. `response`: each response is one request without an error. `all`: the times of request and response make the latency, and a request without a response is an error.',
      ),
    responseWithin: durationSetting('60s', 'In mode `all`: how long after its request a response may come.', {
      min: 1,
      max: 1800,
    }),
    path: z
      .string()
      .regex(/^[^.]+(?:\.[^.]+)*$/, {
        error: 'names and positions with dots between them such as "result.0.score"',
      })
      .transform((path) => path.split('.'))
      .optional()
      .describe(
        'Where in the body of a response the prediction or the list of predictions stands: names and positions with dots between them, `*` for every element of a list. Absent: found by the form of the protocol.',
      ),
    output: z
      .string()
      .min(1)
      .max(253)
      .optional()
      .describe('The output that is read: name of a tensor, a column or a field. Absent: the first one.'),
    index: z
      .int()
      .min(0)
      .max(1_000_000)
      .optional()
      .describe(
        'Which value is read where an instance has several, from 0: of class probabilities for instance.',
      ),
    kind: z
      .enum(['score', 'label'])
      .optional()
      .describe(
        'What the values are. Absent: numbers are scores, texts are labels. `label`: numbers are labels too, and of class probabilities the highest is the label.',
      ),
    instances: z
      .enum(['every', 'first'])
      .prefault('every')
      .describe('Of a response with several predictions: count `every` one, or the `first`.'),
    ids: z
      .enum(['keep', 'drop'])
      .prefault('keep')
      .describe(
        'Whether the ids of calls are kept, as hashes, for outcomes to find them: `drop` where no client sends outcomes by them, it saves most of the space.',
      ),
  })
  .transform(({ responseWithin, access, ...section }) => ({
    isOpen: access === 'open',
    reading: { ...section, responseWithinMs: responseWithin },
  }));
