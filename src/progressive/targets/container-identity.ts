import { isRecord } from '../cluster/read-object.js';
import { without } from './json-at.js';

/** What a container runs on and how it is looked after, much of it filled in by webhooks: with other values it is the same model. */
const surroundings: readonly string[] = [
  'imagePullPolicy',
  'livenessProbe',
  'ports',
  'readinessProbe',
  'resources',
  'startupProbe',
  'terminationMessagePath',
  'terminationMessagePolicy',
];

/** What a container runs: its image, what it is called with, its environment. */
export function containerIdentity(container: unknown): unknown {
  return isRecord(container) ? without(container, ...surroundings) : container;
}
