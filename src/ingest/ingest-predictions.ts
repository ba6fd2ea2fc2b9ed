import type { ServedRequest } from '../sources/index.js';
import type { BodyStream } from './body-reader.js';
import { ingestEvents, type EventKind, type IngestOptions } from './ingest-events.js';
import type { IngestResult } from './ingest-result.js';
import { readPredictionLine } from './prediction-line.js';

const predictions: EventKind<ServedRequest> = {
  name: 'predictions',
  read: readPredictionLine,
  check: (request, guard, known) => guard.checkRequest(request, known),
  add: (batch, request) => {
    batch.addRequest(request);
  },
};

/**
 * Counts requests that were served, one a line of the body. Resolves once they are durable; a line that is refused
 * does not keep the others back. A request that failed counts as an error, with its latency; its prediction, which
 * reached nobody, does not count. An id that comes twice counts twice, and outcomes are joined to the later one:
 * ids join, only an `Idempotency-Key` makes a request count once.
 */
export function ingestPredictions(stream: BodyStream, options: IngestOptions): Promise<IngestResult> {
  return ingestEvents(predictions, stream, options);
}
