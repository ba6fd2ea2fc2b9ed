import { z } from 'zod';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** How much is written to the log. */
export const loggingSection = z
  .strictObject({
    level: z
      .enum(logLevels)
      .prefault('info')
      .describe(
        'The least severe level that is logged: `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.',
      ),
  })
  .prefault({})
  .describe('The log: one JSON object a line, with ids and never with payload.');
