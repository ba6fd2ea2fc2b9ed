import { z } from 'zod';
import { policySchema } from '../judge/index.js';
import { configSchema } from './config-schema.js';
import { policiesDescription } from './sections/policies.js';

/** One node of the config as a file writes it: what it means, its default and what lies below it. */
export interface SettingNode {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SettingNode>>;
  /** What every entry of a map of names holds. */
  readonly additionalProperties?: SettingNode | boolean;
  /** What every entry of a list holds. */
  readonly items?: SettingNode | boolean;
}

/** The config's schema as JSON Schema, with the defaults in the form in which a person writes them. */
export function settingTree(): SettingNode {
  const guardrails = policySchema.shape.guardrails.describe('The rules of the policy, see below.');
  const policies = z
    .record(z.string(), policySchema.extend({ guardrails }))
    .prefault({})
    .describe(policiesDescription);
  return describeSettings(configSchema.extend({ policies }));
}

/** A schema as its settings. */
export function describeSettings(schema: z.ZodType): SettingNode {
  return z.toJSONSchema(schema, {
    io: 'input',
    // A default behind a transform is left out otherwise. Ours are numbers in the unit that a bare number has.
    override: ({ zodSchema: { _zod: zod }, jsonSchema }) => {
      if (zod.def.type === 'default') jsonSchema.default = zod.def.defaultValue;
    },
  }) as SettingNode;
}
