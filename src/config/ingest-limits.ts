import { defaultIngestLimits, type IngestLimits } from '../ingest/index.js';
import type { Config } from './config.js';

/** What one ingest request may send, as the config has it. */
export function ingestLimits({ ingest }: Config): IngestLimits {
  return {
    ...defaultIngestLimits,
    maxBodyBytes: ingest.bodyLimitBytes,
    maxLineBytes: ingest.lineLimitBytes,
    maxLines: ingest.linesLimit,
    maxAgeMs: ingest.maxAgeMs,
    maxModels: ingest.maxModels,
    maxVersions: ingest.maxVersions,
    maxSeries: ingest.maxOutputs,
    maxLabels: ingest.maxLabels,
  };
}
