import type { OutcomeEvent } from '../sources/index.js';
import type { BodyStream } from './body-reader.js';
import { ingestEvents, type EventKind, type IngestOptions } from './ingest-events.js';
import type { IngestResult } from './ingest-result.js';
import { readOutcomeLine } from './outcome-line.js';

const outcomes: EventKind<OutcomeEvent> = {
  name: 'outcomes',
  read: readOutcomeLine,
  check: (event, guard, known) => guard.checkOutcome(event, known),
  add: (batch, event) => {
    batch.addOutcome(event);
  },
};

/**
 * Counts business outcomes, one a line of the body. One with an id counts in the look of its prediction, also if
 * that arrives later; until then it counts in the look of its own time if it names its version, and not at all if
 * it does not. One without an id counts in the look of its own time.
 */
export function ingestOutcomes(stream: BodyStream, options: IngestOptions): Promise<IngestResult> {
  return ingestEvents(outcomes, stream, options);
}
