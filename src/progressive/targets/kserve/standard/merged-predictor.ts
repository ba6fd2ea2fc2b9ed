import { isRecord } from '../../../cluster/read-object.js';
import { without } from '../../json-at.js';

type Fields = Readonly<Record<string, unknown>>;

/** The predictor that KServe runs for a canary: the stable one, with what the canary has otherwise. Lists are taken whole. */
export function mergedPredictor(stable: Fields, overlay: Fields): Fields {
  // Its number of replicas is for its share of the traffic, not for all of it.
  return merged(stable, without(overlay, 'minReplicas'));
}

/** Objects are merged, all else is replaced. */
export function merged(base: Fields, overlay: Fields): Fields {
  const changed = Object.entries(overlay).map(([name, value]): [string, unknown] => {
    const before = base[name];
    return [name, isRecord(before) && isRecord(value) ? merged(before, value) : value];
  });
  return { ...base, ...Object.fromEntries(changed) };
}
