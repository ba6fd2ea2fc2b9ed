import type { GatheredSamples } from './gathered-samples.js';
import type { ProcessStarts } from './process-starts.js';

export interface CountingRules {
  /** The series are sums that somebody else made over pods that come and go. */
  readonly aggregated: boolean;
  /** How far the samples of one collector are apart. */
  readonly scrapeIntervalMs: number;
  /** Whether a start that stays the same says that the process goes on; that of a pod does not, of which containers restart. */
  readonly startsTellRestarts: boolean;
}

/** What looks are counted from. */
export interface CountingParts {
  readonly gathered: GatheredSamples;
  readonly starts: ProcessStarts;
  readonly rules: CountingRules;
}
