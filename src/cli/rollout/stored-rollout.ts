import { describeFieldError } from '../../domain/errors.js';
import { initialState, isEnd } from '../../progressive/index.js';
import type { KubernetesObject } from '../../progressive/cluster/kubernetes-object.js';
import {
  parseModelRollout,
  readSavedState,
  targetText,
  type ModelRollout,
} from '../../progressive/resource/index.js';
import { controllerRefusal, refusalText } from './controller-refusal.js';
import type { ShownRollout } from './view/shown-rollout.js';

/** A ModelRollout as a cluster has it. */
export interface StoredRollout {
  readonly object: KubernetesObject;
  readonly rollout: ModelRollout;
  /** With why no controller drives it; one that has ended needs none. */
  readonly shown: ShownRollout;
  /** Whether a controller has looked at this spec. */
  readonly isSeen: boolean;
  /** Whether the run that is wanted has ended; where a next one is wanted it has yet to begin. */
  readonly hasEnded: boolean;
}

/** Reads an object; a text where it is not in order, the controller's where it has said so. */
export function storedRollout(object: KubernetesObject, nowMs: number): StoredRollout | string {
  const { name, namespace = '' } = object.metadata;
  const refusal = controllerRefusal(object);
  const unreadable = (text: string): string =>
    `${namespace}/${name}: ${refusal === undefined ? text : refusalText(refusal)}`;
  const parsed = parseModelRollout(object);
  if (!parsed.ok) return unreadable(parsed.errors.map(describeFieldError).join('; '));
  const saved = readSavedState(object.status);
  if (saved.kind === 'unreadable') {
    return unreadable('its state was written by another version of ml-verdict');
  }
  const rollout = parsed.value;
  const state = saved.kind === 'new' ? initialState(nowMs) : saved.state;
  const isRunSeen = saved.kind === 'saved' && saved.run >= rollout.run;
  const hasEnded = isRunSeen && isEnd(state.phase);
  const shown = shownRollout(rollout, state);
  return {
    object,
    rollout,
    shown: hasEnded ? shown : { ...shown, refusal },
    isSeen: isRunSeen && saved.observedGeneration >= rollout.generation,
    hasEnded,
  };
}

/** What is shown of a rollout in a state. */
export function shownRollout(rollout: ModelRollout, state: ShownRollout['state']): ShownRollout {
  const { name, namespace, model, spec } = rollout;
  return { name, namespace, target: targetText(rollout), model: model.model, spec, state };
}
