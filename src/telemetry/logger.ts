import { destination, pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** Settings of the log. */
export interface LoggerOptions {
  readonly level: string;
  /** Where the lines go; absent: standard error, so that standard output stays for answers. */
  readonly to?: DestinationStream;
}

/**
 * The log: one JSON object a line. Callers give ids, counts, codes and durations, never what a request or a line
 * of ingest held.
 */
export function createLogger({ level, to = destination(2) }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: { name: 'ml-verdict' },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    to,
  );
}
