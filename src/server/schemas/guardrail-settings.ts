import { z } from 'zod';
import { guardrailKinds } from '../../judge/index.js';

/** Settings that say which guardrail it is, and so are no settings that a request could change. */
const fixed: ReadonlySet<string> = new Set(['name', 'kind']);

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
}

/** Every setting that a request may give for a guardrail, with what it means in each kind that has it. */
export const guardrailSettings: ReadonlyMap<string, string> = settingsOfAllKinds();

export const guardrailSettingNames: readonly string[] = [...guardrailSettings.keys()];

function settingsOfAllKinds(): ReadonlyMap<string, string> {
  const meanings = new Map<string, Set<string>>();
  for (const { kind, schema } of guardrailKinds) {
    const { properties = {} } = z.toJSONSchema(schema, { io: 'input' }) as ObjectSchema;
    for (const [name, { description = kind }] of Object.entries(properties)) {
      if (!fixed.has(name)) meanings.set(name, (meanings.get(name) ?? new Set<string>()).add(description));
    }
  }
  return new Map([...meanings].map(([name, texts]) => [name, [...texts].join('; ')]));
}
