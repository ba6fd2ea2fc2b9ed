import { z } from 'zod';
import { illness, refusal, type Failure } from '../failure.js';
import { shownText } from './shown-text.js';

/** What all answers of the query API have around them. */
const envelope = z.looseObject({
  status: z.enum(['success', 'error']),
  errorType: z.string().optional(),
  error: z.string().optional(),
  /** Something is missing in the answer, in the words of Prometheus, Thanos and Mimir. */
  warnings: z.array(z.string()).nullish(),
  /** The same in those of VictoriaMetrics. */
  isPartial: z.boolean().optional(),
  data: z.unknown().optional(),
});

export type Envelope = z.output<typeof envelope>;

/** Reads the JSON of an answer, as far as it is the same for every call. Undefined for what is no answer of the query API. */
export function readEnvelope(text: string): Envelope | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const read = envelope.safeParse(parsed);
  return read.success ? read.data : undefined;
}

/** What the server itself says of its error: its type and the beginning of its text. */
export function errorWords({ errorType, error }: Envelope, secrets: readonly string[]): string {
  // VictoriaMetrics has the status in the place of a type.
  const type = /^\d*$/.test(errorType ?? '') ? '' : ` ${shownText(errorType ?? '', secrets)}`;
  const text = error === undefined || error === '' ? '' : `: ${shownText(error, secrets)}`;
  return `${type}${text}`;
}

/** What of an answer says that it must not be counted. */
export function envelopeFailure(read: Envelope, secrets: readonly string[]): Failure | undefined {
  if (read.status === 'error') {
    return illness('failed', `answers with an error${errorWords(read, secrets)}`);
  }
  const warnings = read.warnings ?? [];
  if (warnings.length === 0 && read.isPartial !== true) return undefined;
  const words =
    warnings.length === 0
      ? 'a part of its storage did not answer (isPartial)'
      : `${shownText(warnings[0] ?? '', secrets)}${warnings.length > 1 ? ` (and ${warnings.length - 1} more)` : ''}`;
  return refusal('partial', `answers only in part: ${words}`);
}
