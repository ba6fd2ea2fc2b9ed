/** What a service may answer to a question for a verdict. */
export interface Answer {
  /** Absent: 200. */
  readonly status?: number;
  readonly body?: string;
  /** Absent: JSON. */
  readonly contentType?: string;
  readonly location?: string;
  /** It takes so long. */
  readonly afterMs?: number;
}

/** An answer with this `measurement`. */
export function measured(measurement: unknown): Answer {
  return { body: JSON.stringify({ verdict: 'a word that nobody reads', measurement }) };
}

export const promote = measured([0.03, 'promote', 'error-rate: errors 0.03 % < 0.5 %']);
export const hold = measured([null, 'hold', 'error-rate: no judged requests yet, warming up']);
export const rollback = measured([2.1, 'rollback', 'error-rate: errors 2.1 % > 1 %']);
export const broken: Answer = { status: 500, body: '{"error":"broken"}' };
