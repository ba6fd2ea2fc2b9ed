import type { AccessScope } from '../../config/index.js';
import type { ObservationAnswer } from '../../sources/observation-source.js';
import type { Caller } from './caller.js';

/** An answer of a source that speaks of no model but those that a caller may ask about. */
export function withVisibleNames(
  answer: ObservationAnswer,
  namespace: string,
  caller: Caller,
  scope: AccessScope,
): ObservationAnswer {
  if (answer.kind !== 'unknown-model') return answer;
  return { ...answer, known: answer.known.filter((model) => caller.may(scope, namespace, model)) };
}

/** Which records of the history a caller may see; without a word for who may see all. */
export function visibleTo(
  caller: Caller,
  scope: AccessScope,
): { readonly visible?: (namespace: string, model: string) => boolean } {
  if (caller.mayWithAll(scope)) return {};
  return { visible: (namespace, model) => caller.may(scope, namespace, model) };
}
