import type { IncomingMessage } from 'node:http';
import type { EventTarget } from '../../ingest/events/index.js';
import type { Access, RefusalReason } from '../access/index.js';
import { requestContext } from '../http/request-context.js';
import type { EventRoute } from './event-routes.js';

/** Who lets senders of events in. */
export interface Gate {
  readonly access: Pick<Access, 'identify'>;
  /** Counts a request of its caller and says whether it is one too many; absent: none is. */
  readonly isOverRate?: (request: IncomingMessage) => Promise<boolean>;
}

/** Whether a sender is let in. */
export interface LetIn {
  /** Why it is not. */
  readonly refused: RefusalReason | undefined;
  /** It asks too often. */
  readonly isTooOften: boolean;
}

/** Finds out who sends an event, whether that may be, and how often it was. Whoever is refused counts as well. */
export async function letIn(gate: Gate, request: IncomingMessage, route: EventRoute): Promise<LetIn> {
  const refused = route.isOpen ? undefined : await refusalOf(gate.access, request, route.target);
  const isTooOften = gate.isOverRate !== undefined && (await gate.isOverRate(request));
  return { refused, isTooOften };
}

/** Why a caller may not send the events of a model. */
async function refusalOf(
  access: Pick<Access, 'identify'>,
  request: IncomingMessage,
  { namespace, model }: EventTarget,
): Promise<RefusalReason | undefined> {
  const identity = await access.identify(request);
  if (identity.kind === 'refused') return identity.reason;
  const { caller } = identity;
  if (caller.name !== undefined) requestContext(request).caller = caller.name;
  if (caller.may('ingest', namespace, model)) return undefined;
  return caller.has('ingest') ? 'other-model' : 'missing-scope';
}
