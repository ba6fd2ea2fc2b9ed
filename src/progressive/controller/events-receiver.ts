import type { AlertMessage } from '../alerts/alert-message.js';
import type { AlertReceiver, Delivery } from '../alerts/alert-receiver.js';
import type { ClusterApi } from '../cluster/cluster-api.js';
import { inCamelCase } from '../resource/conditions-of.js';
import { writeEvent } from './kubernetes-event.js';

/** Every alert as an Event on its ModelRollout, each once however often it is sent. */
export function createEventsReceiver(api: ClusterApi): AlertReceiver {
  return {
    name: 'kubernetes-events',
    kind: 'kubernetes-events',
    minimumSeverity: 'info',
    deliver: async (message, signal) => deliver(api, message, signal),
  };
}

async function deliver(
  api: ClusterApi,
  { alert, rollout, namespace, uid }: AlertMessage,
  signal: AbortSignal,
): Promise<Delivery> {
  const written = await writeEvent(
    api,
    {
      rollout,
      namespace,
      uid,
      key: alert.key,
      type: alert.severity === 'info' ? 'Normal' : 'Warning',
      reason: inCamelCase(alert.kind),
      note: alert.text,
      atMs: alert.atMs,
    },
    signal,
  );
  switch (written.kind) {
    case 'ok':
    case 'conflict':
      return { kind: 'delivered' };
    case 'unavailable': {
      const { reason, retryAfterMs } = written;
      return { kind: 'later', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    }
    case 'not-found':
    case 'invalid':
    case 'forbidden':
      return { kind: 'never', reason: written.reason };
  }
}
