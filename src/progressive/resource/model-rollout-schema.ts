import { z } from 'zod';
import { nameField, wholeNumberField } from '../../domain/fields.js';
import { rolloutSpecSchema } from '../machine/rollout-spec-schema.js';
import type { TargetKind } from '../targets/target-kind.js';

const httpAddress = /^https?:\/\/[^\s]+$/;

const versionFields = z
  .strictObject({
    canary: nameField().optional(),
    stable: nameField().optional(),
  })
  .refine(({ canary, stable }) => canary === undefined || canary !== stable, {
    error: 'two versions that are not the same',
  });

/** What a ModelRollout says beside how it is driven. */
export function ownFields(kinds: readonly TargetKind[]) {
  return {
    target: targetSchema(kinds).describe(
      'what the traffic is moved on: exactly one of these. It stays the same for a whole run',
    ),
    run: wholeNumberField({ min: 1, max: 1_000_000 }, 'a whole number from 1 to 1,000,000')
      .default(1)
      .describe(
        'a higher number than before begins anew, with another model or the same one, once the run before has ended',
      ),
    model: nameField().optional().describe('as ml-verdict knows it; the name of the target unless said'),
    modelNamespace: nameField()
      .optional()
      .describe('as ml-verdict knows it; the namespace of this object unless said'),
    versions: versionFields
      .optional()
      .describe('how ml-verdict knows the two versions, where that is not what the target calls them'),
    link: z
      .string()
      .max(2048)
      .regex(httpAddress, { error: 'an address such as "https://wiki.example.com/fraud-detector"' })
      .optional()
      .describe('where people read more; goes into alerts'),
  };
}

/** The whole `spec`; unknown fields are refused. */
export function modelRolloutSpecSchema(kinds: readonly TargetKind[]) {
  const { newVersion, ...driven } = rolloutSpecSchema.shape;
  return z.strictObject({
    ...ownFields(kinds),
    ...driven,
    newVersion: newVersion
      .unwrap()
      .optional()
      .describe(
        'where the new model comes from; carried where the target holds one, else present, unless said',
      ),
  });
}

function targetSchema(kinds: readonly TargetKind[]) {
  const fields = kinds.map((kind) => [kind.name, kind.schema.optional().describe(kind.title)] as const);
  return z.strictObject(Object.fromEntries(fields)).refine((target) => Object.keys(target).length === 1, {
    error: `exactly one of ${kinds.map(({ name }) => name).join(', ')}`,
  });
}
