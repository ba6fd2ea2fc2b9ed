import type { AccessScope } from '../../config/index.js';
import { problem, type Problem } from '../http/problem.js';
import type { RefusalReason } from './refusal.js';

/** How somebody who is not let in is answered. */
export interface RefusalAnswer {
  readonly problem: Problem;
  /** The `WWW-Authenticate` header; absent where other credentials would not help. */
  readonly challenge?: string;
}

/**
 * The answer to somebody who is not let in. All wrong credentials get the same one: what is wrong with them is in the log.
 * @param scope what they would have to be for
 */
export function refusalAnswer(reason: RefusalReason, scope: AccessScope): RefusalAnswer {
  switch (reason) {
    case 'missing-credentials':
      return {
        problem: problem('unauthorized', 'Send a token in the header Authorization, as "Bearer …".'),
        challenge: 'Bearer',
      };
    case 'keys-unavailable':
      return {
        problem: problem(
          'unavailable',
          'The credentials cannot be checked now: the keys of their issuer are away.',
        ),
      };
    case 'missing-scope':
      return {
        problem: problem('forbidden', `These credentials are not for this: it takes the scope "${scope}".`),
        challenge: `Bearer error="insufficient_scope", scope="${scope}"`,
      };
    case 'other-model':
      return {
        problem: problem('forbidden', 'These credentials are not for this model.'),
        challenge: 'Bearer error="insufficient_scope"',
      };
    default:
      return {
        problem: problem('unauthorized', 'The credentials are not accepted.'),
        challenge: 'Bearer error="invalid_token"',
      };
  }
}
