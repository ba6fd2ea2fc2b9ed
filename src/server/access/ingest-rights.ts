import type { IncomingMessage } from 'node:http';
import type { IngestOptions } from '../../ingest/index.js';
import { noteRefusal, type RefusalParts } from './refuse.js';
import { callerOf } from './request-identity.js';

/**
 * Whose a body is, and for which models it may send. That it names another one is counted and logged once, however many lines
 * do.
 */
export function ingestRights(
  request: IncomingMessage,
  parts: RefusalParts,
): Pick<IngestOptions, 'caller' | 'mayIngest'> {
  const caller = callerOf(request);
  let noted = false;
  return {
    ...(caller.name === undefined ? {} : { caller: caller.name }),
    mayIngest: (namespace, model) => {
      const allowed = caller.may('ingest', namespace, model);
      if (!allowed && !noted) {
        noted = true;
        noteRefusal(request, 'other-model', parts);
      }
      return allowed;
    },
  };
}
