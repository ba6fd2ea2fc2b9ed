import { maximumOutcome, checkOptionalId, readRecord } from '../line-fields.js';
import type { EventBody } from './event-body.js';

/** What Seldon's feedback says. */
export interface Feedback {
  readonly reward: number;
  /** The id of the prediction that it is about, where the client sent the answer along. */
  readonly predictionId?: string;
}

/** Reads feedback; undefined where there is no reward in it. */
export function readFeedback(body: EventBody): Feedback | undefined {
  const fields = body.kind === 'json' ? readRecord(body.value) : undefined;
  const reward = fields?.['reward'];
  if (typeof reward !== 'number' || !(Math.abs(reward) <= maximumOutcome)) return undefined;
  const meta = readRecord(readRecord(fields?.['response'])?.['meta']);
  const id = meta?.['puid'];
  return id !== undefined && checkOptionalId(id) === undefined
    ? { reward, predictionId: id as string }
    : { reward };
}
