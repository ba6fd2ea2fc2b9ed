import { z } from 'zod';

/** Problem details (RFC 9457) as a schema: every answer that is not 2xx. */
export const problemSchema = z.strictObject({
  type: z.string().describe('A URN that names the kind of problem.'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What is wrong with this request, for a person.'),
  instance: z.string().describe('The request id, as a URN; the log has it too.'),
  errors: z
    .array(
      z.strictObject({
        path: z.string().describe('The offending field; empty for the whole request.'),
        message: z.string().describe('What was expected.'),
      }),
    )
    .describe('Every field that is wrong.'),
});
