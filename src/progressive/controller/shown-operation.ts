import { isRecord } from '../cluster/read-object.js';

/** What holds a share of the traffic and nothing else. */
const sharePath = /\/(?:canaryTrafficPercent|traffic|weight)$/;

/** An operation of a patch as it is logged: what of a model's own fields may be secret stays out. */
export function shownOperation(operation: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(operation)) return {};
  const { op, path, value } = operation;
  const isShare = typeof path === 'string' && sharePath.test(path) && isShareValue(value);
  return { op, path, ...(isShare ? { value } : {}) };
}

function isShareValue(value: unknown): boolean {
  return typeof value === 'number' || value === null;
}
