import type { z } from 'zod';
import { formatInstant } from '../../domain/units.js';
import type { VerdictRecord } from '../../sources/index.js';
import type { verdictRecordSchema } from '../schemas/verdict-history.js';

/** A verdict of the history as the routes answer it. */
export function verdictRecordAnswer(record: VerdictRecord): z.input<typeof verdictRecordSchema> {
  return {
    namespace: record.namespace,
    ...(record.step === undefined ? {} : { step: record.step }),
    recordedAt: formatInstant(record.recordedMs),
    document: record.document,
  };
}
