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
}

/** The config's schema as JSON Schema, with the defaults in the form in which a person writes them. */
export function settingTree(): SettingNode {
  const policies = z.record(z.string(), policySchema).prefault({}).describe(policiesDescription);
  return describeSettings(configSchema.extend({ policies }));
}

/** A schema as its settings. */
export function describeSettings(schema: z.ZodType): SettingNode {
  return z.toJSONSchema(schema, { io: 'input' }) as SettingNode;
}
