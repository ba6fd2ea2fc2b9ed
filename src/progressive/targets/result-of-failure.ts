import type { ApiFailure } from '../cluster/cluster-api.js';
import type { TargetResult } from '../target.js';

/**
 * What API servers say to a JSON Patch that does not apply. They keep it to themselves which `test` did not hold; what a
 * schema or a webhook refuses is said in other words.
 */
const doesNotApply =
  /rejected our request due to an error in our request|testing (value|path) .*failed|test failed|missing (path|key)/i;

/** What a failure of the API server means for a change. */
export function resultOfFailure(failure: ApiFailure): TargetResult {
  switch (failure.kind) {
    case 'conflict':
      return { kind: 'conflict', reason: failure.reason };
    case 'invalid':
      return doesNotApply.test(failure.reason)
        ? { kind: 'conflict', reason: 'it was changed at the same moment' }
        : { kind: 'refused', reason: failure.reason };
    case 'forbidden':
      return { kind: 'refused', reason: failure.reason };
    case 'not-found':
      return { kind: 'gone' };
    case 'unavailable':
      return { kind: 'unavailable', reason: failure.reason };
  }
}
