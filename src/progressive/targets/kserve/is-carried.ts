import { standsIn } from '../stands-in.js';

/** Whether a model has all the fields of the carried one; true where none is carried. */
export function isCarried(model: unknown, newModel: Readonly<Record<string, unknown>> | undefined): boolean {
  return newModel === undefined || standsIn(model, newModel);
}
