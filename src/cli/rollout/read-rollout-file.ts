import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { failure, success, type Result } from '../../domain/result.js';
import {
  modelRolloutKindName,
  parseModelRollout,
  type ModelRollout,
} from '../../progressive/resource/index.js';
import { reasonOfFileError } from '../file-error.js';

/** A ModelRollout of a file: as it stands there, and as it was understood. */
export interface RolloutFile {
  readonly object: Readonly<Record<string, unknown>>;
  readonly rollout: ModelRollout;
}

/** Where a ModelRollout of a file belongs. */
export interface FileNamespace {
  /** Asked for by the command line: the file must not say another one. */
  readonly given: string | undefined;
  /** Of a file that names none. */
  readonly otherwise: string;
}

/** Reads the one ModelRollout of a file, which may hold other objects beside it. Fails with what is wrong in it. */
export function readRolloutFile(file: string, { given, otherwise }: FileNamespace): Result<RolloutFile> {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    return failure([{ path: '', message: reasonOfFileError(error) }]);
  }
  const documents = parseAllDocuments(text);
  const objects: unknown[] = [];
  for (const document of 'empty' in documents ? [] : documents) {
    const [error] = document.errors;
    if (error !== undefined) return failure([{ path: '', message: error.message }]);
    objects.push(document.toJS());
  }
  const rollouts = objects.filter(isModelRollout);
  const [object] = rollouts;
  if (object === undefined || rollouts.length > 1) {
    const message = `expected one ${modelRolloutKindName} in the file, got ${rollouts.length}`;
    return failure([{ path: '', message }]);
  }
  const parsed = parseModelRollout(object, { namespace: otherwise });
  if (!parsed.ok) return parsed;
  const { namespace } = parsed.value;
  if (given !== undefined && given !== namespace) {
    const message = `expected "${given}" as in --namespace, got "${namespace}"`;
    return failure([{ path: 'metadata.namespace', message }]);
  }
  return success({ object, rollout: parsed.value });
}

function isModelRollout(object: unknown): object is Readonly<Record<string, unknown>> {
  return (
    typeof object === 'object' && object !== null && 'kind' in object && object.kind === modelRolloutKindName
  );
}
