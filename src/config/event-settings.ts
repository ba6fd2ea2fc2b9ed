import { defaultIngestLimits } from '../ingest/index.js';
import { defaultEventSettings, type EventLimits, type EventSettings } from '../ingest/events/index.js';
import type { Config } from './config.js';
import { modelSettings } from './model-settings.js';

/** How the payload events of a model are read, and whether callers without credentials may send them. */
export interface ModelEvents {
  readonly settings: EventSettings;
  readonly isOpen: boolean;
}

/** What the config says of the payload events of a model. */
export function modelEvents(config: Config, namespace: string, model: string): ModelEvents {
  const { events } = modelSettings(config, namespace, model);
  if (events === undefined) return { settings: defaultEventSettings, isOpen: false };
  return { settings: events.reading, isOpen: events.isOpen };
}

/** How many payload events are held, and for how long, as the config has it. */
export function eventLimits({ events, ingest }: Config): EventLimits {
  return {
    maxBodyBytes: events.bodyLimitBytes,
    maxWaitingBytes: events.memoryBytes,
    maxWaitingEvents: events.waiting,
    maxOpenCalls: events.openCalls,
    saveEveryMs: events.saveEveryMs,
    duplicateWindowMs: events.duplicateWindowMs,
    maxAgeMs: ingest.maxAgeMs,
    maxAheadMs: defaultIngestLimits.maxAheadMs,
    maxModels: ingest.maxModels,
    maxVersions: ingest.maxVersions,
    maxSeries: ingest.maxOutputs,
    maxLabels: ingest.maxLabels,
  };
}
