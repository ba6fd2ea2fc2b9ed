import { z } from 'zod';
import { guardrailKinds } from '../../judge/index.js';

/** Settings that say which guardrail it is, and so are no settings that a request could change. */
const fixed: ReadonlySet<string> = new Set(['name', 'kind']);

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Every setting that a request may give for a guardrail, whatever its kind, with its JSON Schema. */
export const guardrailSettings: ReadonlyMap<string, unknown> = new Map(
  guardrailKinds
    .flatMap(({ schema }) => Object.entries((z.toJSONSchema(schema, { io: 'input' }) as ObjectSchema).properties ?? {}))
    .filter(([name]) => !fixed.has(name)),
);

export const guardrailSettingNames: readonly string[] = [...guardrailSettings.keys()];
