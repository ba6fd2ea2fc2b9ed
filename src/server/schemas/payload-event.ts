import { z } from 'zod';
import { eventTypeNames } from '../../ingest/events/index.js';
import { idSchema, nameSchema } from '../../ingest/line-fields.js';

const type = z.enum(eventTypeNames as [string, ...string[]]);
const time = z.iso.datetime({ offset: true });
const status = z.string().regex(/^[1-5]\d\d$/);

/** The names in the path of a payload event. */
export const eventPathSchema = z.strictObject({
  namespace: nameSchema.describe('Namespace of the model.'),
  model: nameSchema,
  version: nameSchema.describe('The build of the model whose logger this is.'),
});

/** An event in binary mode: its attributes are headers. */
export const eventHeadersSchema = z.strictObject({
  'Ce-Type': type.optional().describe('What happened; required unless the whole event is in the body.'),
  'Ce-Id': idSchema.optional().describe('Unique among the events of its type; required likewise.'),
  'Ce-Specversion': z.enum(['1.0', '0.3']).optional(),
  'Ce-Time': time.optional().describe('When it happened; absent: when it arrived.'),
  'Ce-Requestid': idSchema.optional().describe("Seldon: the id of the call; KServe's is `Ce-Id`."),
  'Ce-Modelid': z.string().optional().describe('Seldon: the node of the graph.'),
  'Ce-Statuscode': status.optional().describe('The status of the response; 500 and above is an error.'),
});

/** An event in structured mode. Further attributes are allowed and not looked at. */
export const structuredEventSchema = z
  .looseObject({
    specversion: z.literal('1.0'),
    type,
    id: idSchema,
    source: z.string().min(1),
    time: time.optional(),
    requestid: idSchema.optional(),
    modelid: z.string().optional(),
    statuscode: status.optional(),
    data: z.unknown().optional().describe('The body of the request or of the response.'),
    data_base64: z.string().optional(),
  })
  .describe('A payload event as CloudEvents 1.0 writes it in JSON.');

/** What the sender of an event is answered. */
export const eventAnswerSchema = z
  .strictObject({
    result: z
      .enum(['taken', 'shed'])
      .describe('`taken`: it will be counted; `shed`: there was too much to do, it is let go.'),
  })
  .describe('What became of a payload event, as far as that is known at once.');
