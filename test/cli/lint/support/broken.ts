import { stringify } from 'yaml';
import { soundManifest, soundNames, type SoundName } from './sound-manifests.js';

/** A change of one place: `undefined` removes what stands there. */
export type Edit = readonly [path: string, value: unknown];

/** Whose places the edits name; `several`: each begins with its own, `gate:spec.args`. */
export type Edited = SoundName | 'several';

type Container = Record<PropertyKey, unknown>;

/** All sound manifests as the texts of one file each, with changes in one of them. */
export function withEdits(name: Edited, edits: readonly Edit[]): readonly string[] {
  const documents = new Map(soundNames.map((one) => [one, soundManifest(one)]));
  for (const [path, value] of edits) {
    const [of = '', place = ''] = name === 'several' ? path.split(':') : [name, path];
    edit(documents.get(of as SoundName), place, value);
  }
  return [...documents.values()].map((document) => stringify(document));
}

function edit(document: unknown, path: string, value: unknown): void {
  const keys = path.split(/[.[\]]+/).filter((part) => part !== '');
  const last = keys.pop();
  let place = document as Container;
  for (const key of keys) place = place[key] as Container;
  if (last === undefined) throw new Error('a path has to name a field');
  if (value === undefined) Reflect.deleteProperty(place, last);
  else place[last] = value;
}
