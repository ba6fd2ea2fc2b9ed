import { describeFieldError } from '../../domain/errors.js';
import { initialState } from '../../progressive/index.js';
import type { KubernetesObject } from '../../progressive/cluster/kubernetes-object.js';
import {
  parseModelRollout,
  readSavedState,
  targetText,
  type ModelRollout,
} from '../../progressive/resource/index.js';
import type { ShownRollout } from './view/shown-rollout.js';

/** A ModelRollout as a cluster has it. */
export interface StoredRollout {
  readonly object: KubernetesObject;
  readonly rollout: ModelRollout;
  readonly shown: ShownRollout;
  /** Whether a controller has looked at this spec. */
  readonly isSeen: boolean;
}

/** Reads an object; a text where it is not in order. */
export function storedRollout(object: KubernetesObject, nowMs: number): StoredRollout | string {
  const { name, namespace = '' } = object.metadata;
  const parsed = parseModelRollout(object);
  if (!parsed.ok) return `${namespace}/${name}: ${parsed.errors.map(describeFieldError).join('; ')}`;
  const saved = readSavedState(object.status);
  if (saved.kind === 'unreadable') {
    return `${namespace}/${name}: its state was written by another version of ml-verdict`;
  }
  const rollout = parsed.value;
  return {
    object,
    rollout,
    shown: shownRollout(rollout, saved.kind === 'new' ? initialState(nowMs) : saved.state),
    isSeen:
      saved.kind === 'saved' && saved.run >= rollout.run && saved.observedGeneration >= rollout.generation,
  };
}

/** What is shown of a rollout in a state. */
export function shownRollout(rollout: ModelRollout, state: ShownRollout['state']): ShownRollout {
  const { name, namespace, model, spec } = rollout;
  return { name, namespace, target: targetText(rollout), model: model.model, spec, state };
}
