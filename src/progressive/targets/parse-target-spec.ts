import { suggestName } from '../../domain/nearest-name.js';
import { joinPath, parseWith, quote } from '../../domain/parsing.js';
import { failure, success, type Result } from '../../domain/result.js';
import { isRecord } from '../cluster/read-object.js';
import { targetKinds } from './target-kinds.js';
import type { TargetKind } from './target-kind.js';

/** A target as a rollout names it. */
export interface TargetSpec {
  readonly kind: TargetKind;
  /** Checked by the kind's schema. */
  readonly spec: unknown;
}

/**
 * Reads what stands under `target`: exactly one kind with its fields. Fails with the path of each field that is wrong.
 *
 * @param at the path of the target itself, for the errors
 */
export function parseTargetSpec(raw: unknown, at = 'target'): Result<TargetSpec> {
  const names = targetKinds.map(({ name }) => name);
  const expected = `expected exactly one of ${names.join(', ')}`;
  if (!isRecord(raw)) return failure([{ path: at, message: `${expected}, got ${quote(raw)}` }]);
  const written = Object.keys(raw).filter((name) => raw[name] !== undefined);
  const unknown = written.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    return failure(
      unknown.map((name) => ({
        path: joinPath(at, [name]),
        message: `unknown field; ${suggestName(name, names)}`,
      })),
    );
  }
  const chosen = targetKinds.filter(({ name }) => written.includes(name));
  const [kind] = chosen;
  if (kind === undefined || chosen.length > 1) {
    const got = kind === undefined ? 'none' : written.join(' and ');
    return failure([{ path: at, message: `${expected}, got ${got}` }]);
  }
  const parsed = parseWith(kind.schema, raw[kind.name], { at: joinPath(at, [kind.name]) });
  return parsed.ok ? success({ kind, spec: parsed.value }) : parsed;
}
