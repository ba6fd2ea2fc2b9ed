import { defaultIngestLimits } from '../ingest-limits.js';
import type { NameLimits } from '../series-guard.js';

/** How the payload events of one model are read. */
export interface EventSettings {
  /**
   * What the payload logger of the model sends. `response`: each response is one request served; requests that come
   * all the same are left out. `all`: request and response of a call belong together; their times make its latency,
   * and a request whose response does not come is an error.
   */
  readonly mode: 'response' | 'all';
  /** In mode `all`: how long after its request a response may come. */
  readonly responseWithinMs: number;
  /** Where in the body the prediction or the list of predictions stands; absent: found by the protocol's form. */
  readonly path?: readonly string[] | undefined;
  /** The name of the output that is read; absent: the first one. */
  readonly output?: string | undefined;
  /** Which number is read where an instance has several. */
  readonly index?: number | undefined;
  /** What the values are; absent: numbers are scores, texts are labels. */
  readonly kind?: 'score' | 'label' | undefined;
  /** Of a body with several instances, which are counted. */
  readonly instances: 'every' | 'first';
  /** Whether the ids of calls are kept, so that outcomes can be joined to them. */
  readonly ids: 'keep' | 'drop';
}

/** What holds for a model of which nothing is configured. */
export const defaultEventSettings: EventSettings = {
  mode: 'response',
  responseWithinMs: 60_000,
  instances: 'every',
  ids: 'keep',
};

/** How many payload events are held, and for how long, and how many names there may be. */
export interface EventLimits extends NameLimits {
  /** Bytes of one body; a longer one is not read, its request counts without a prediction. */
  readonly maxBodyBytes: number;
  /** Bytes of all bodies that are being received or wait to be read. */
  readonly maxWaitingBytes: number;
  /** Events that wait to be read. */
  readonly maxWaitingEvents: number;
  /** Calls of which only the request, or only the response, has come. */
  readonly maxOpenCalls: number;
  /** How often counts are written to the ledger: what a crash may lose. */
  readonly saveEveryMs: number;
  /** For how long an event that comes a second time is recognised. */
  readonly duplicateWindowMs: number;
  /** Events older than this are refused. */
  readonly maxAgeMs: number;
  /** Events further ahead than this are refused. */
  readonly maxAheadMs: number;
}

/** What holds where nothing else is configured. */
export const defaultEventLimits: EventLimits = {
  maxBodyBytes: 1024 * 1024,
  maxWaitingBytes: 32 * 1024 * 1024,
  maxWaitingEvents: 20_000,
  maxOpenCalls: 100_000,
  saveEveryMs: 1000,
  duplicateWindowMs: 300_000,
  maxAgeMs: 30 * 86_400_000,
  maxAheadMs: 300_000,
  maxModels: defaultIngestLimits.maxModels,
  maxVersions: defaultIngestLimits.maxVersions,
  maxSeries: defaultIngestLimits.maxSeries,
  maxLabels: defaultIngestLimits.maxLabels,
};
