import type { FieldError } from '../../domain/errors.js';
import { parseWith } from '../../domain/parsing.js';
import { failure, success, type Result } from '../../domain/result.js';
import { isRecord } from '../cluster/read-object.js';
import { parseRolloutSpec } from '../machine/rollout-spec-schema.js';
import { rolloutSpecSchema } from '../machine/rollout-spec-schema.js';
import { targetKinds } from '../targets/index.js';
import type { TargetKind } from '../targets/target-kind.js';
import type { ModelRollout } from './model-rollout.js';
import { modelRolloutApiVersion, modelRolloutKindName } from './model-rollout-kind.js';
import { modelRolloutSpecSchema } from './model-rollout-schema.js';

/** Where an object that was not yet sent anywhere belongs. */
export interface ParseModelRolloutOptions {
  /** Namespace of one that names none. */
  readonly namespace?: string;
  readonly kinds?: readonly TargetKind[];
}

/**
 * Reads a ModelRollout as an API server or a file has it; its status is not looked at. Fails with the path of each field that
 * is wrong.
 */
export function parseModelRollout(
  object: unknown,
  { namespace = 'default', kinds = targetKinds }: ParseModelRolloutOptions = {},
): Result<ModelRollout> {
  if (!isRecord(object)) return failure([{ path: '', message: 'expected a ModelRollout' }]);
  const errors: FieldError[] = [];
  for (const [path, expected] of Object.entries({
    apiVersion: modelRolloutApiVersion,
    kind: modelRolloutKindName,
  })) {
    if (object[path] !== expected) errors.push({ path, message: `expected "${expected}"` });
  }
  const metadata = isRecord(object['metadata']) ? object['metadata'] : {};
  const name = metadata['name'];
  if (typeof name !== 'string' || name === '') {
    errors.push({ path: 'metadata.name', message: 'expected a name' });
  }
  const place = { name: textOr(name, ''), namespace: textOr(metadata['namespace'], namespace) };
  const spec = readSpec(object['spec'], place, kinds);
  if (!spec.ok) return failure([...errors, ...spec.errors]);
  if (errors.length > 0) return failure(errors);
  const { generation } = metadata;
  return success({
    ...place,
    uid: textOr(metadata['uid'], ''),
    generation: typeof generation === 'number' ? generation : 0,
    ...spec.value,
  });
}

type Read = Pick<ModelRollout, 'run' | 'target' | 'spec' | 'model' | 'versions' | 'link'>;

function readSpec(
  raw: unknown,
  place: { readonly namespace: string },
  kinds: readonly TargetKind[],
): Result<Read> {
  const parsed = parseWith(modelRolloutSpecSchema(kinds), raw, { at: 'spec' });
  if (!parsed.ok) return parsed;
  const { target: written, run, model, modelNamespace, versions, link, newVersion } = parsed.value;
  const kind = kinds.find(({ name }) => written[name] !== undefined);
  if (kind === undefined) return failure([{ path: 'spec.target', message: 'expected what it is about' }]);
  const target = { kind, spec: written[kind.name] };
  const isCarried = kind.carriesModel(target.spec);
  if (newVersion === 'carried' && !isCarried) {
    const message = `expected "present" or "awaited", or the new model in spec.target.${kind.name}, got "carried"`;
    return failure([{ path: 'spec.newVersion', message }]);
  }
  if (newVersion === 'awaited' && isCarried) {
    const message = `expected "carried" or "present", or no new model in spec.target.${kind.name}, which would not be used, got "awaited"`;
    return failure([{ path: 'spec.newVersion', message }]);
  }
  const driven = Object.entries(isRecord(raw) ? raw : {}).filter(
    ([field]) => field in rolloutSpecSchema.shape,
  );
  const spec = parseRolloutSpec(
    { ...Object.fromEntries(driven), newVersion: newVersion ?? (isCarried ? 'carried' : 'present') },
    'spec',
  );
  if (!spec.ok) return spec;
  return success({
    run,
    target,
    spec: spec.value,
    model: {
      namespace: modelNamespace ?? place.namespace,
      model: model ?? kind.referenceOf(target.spec, place.namespace).name,
    },
    versions,
    link: link ?? null,
  });
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
