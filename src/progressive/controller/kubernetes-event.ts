import { createHash } from 'node:crypto';
import type { ApiAnswer, ClusterApi, ObjectKind } from '../cluster/cluster-api.js';
import { cut } from '../resource/cut.js';
import { modelRolloutApiVersion, modelRolloutKindName } from '../resource/model-rollout-kind.js';
import { toTheSecond } from '../resource/to-the-second.js';

const eventKind: ObjectKind = { group: '', version: 'v1', plural: 'events' };

const longestNote = 1024;

/** Something to be seen with `kubectl describe`. */
export interface RolloutEvent {
  readonly rollout: string;
  readonly namespace: string;
  readonly uid: string;
  /** The same key of the same rollout is the same event. */
  readonly key: string;
  readonly type: 'Normal' | 'Warning';
  /** One word in camel case. */
  readonly reason: string;
  readonly note: string;
  readonly atMs: number;
}

/** Writes an event. One that is there already is refused by its name, which does no harm. */
export function writeEvent(
  api: ClusterApi,
  event: RolloutEvent,
  signal?: AbortSignal,
): Promise<ApiAnswer<unknown>> {
  const at = toTheSecond(event.atMs);
  const object = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: nameOf(event), namespace: event.namespace },
    involvedObject: {
      apiVersion: modelRolloutApiVersion,
      kind: modelRolloutKindName,
      name: event.rollout,
      namespace: event.namespace,
      uid: event.uid,
    },
    reason: event.reason,
    message: cut(event.note, longestNote),
    type: event.type,
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
    source: { component: 'ml-verdict' },
    reportingComponent: 'ml-verdict.io/controller',
    reportingInstance: '',
  };
  return api.create(eventKind, event.namespace, object, { signal });
}

function nameOf({ rollout, uid, key }: RolloutEvent): string {
  const digest = createHash('sha256').update(`${uid}/${key}`).digest('hex').slice(0, 16);
  // Before a dot stands a letter or a digit, else the API server refuses the name.
  return `${rollout.slice(0, 230).replace(/[^a-z0-9]+$/, '')}.${digest}`;
}
