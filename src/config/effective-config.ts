import type { Config } from './config.js';
import { withoutSecrets } from './without-secrets.js';
import { settingTree, type SettingNode } from './setting-tree.js';

/**
 * The config as it is in force, in the form of a config file: what was written, and the default of everything
 * else. Loading the answer gives the same config again, but for what is a secret itself and is not shown.
 */
export function effectiveConfig(config: Config): Readonly<Record<string, unknown>> {
  return withoutSecrets(fill(settingTree(), config.written) as Readonly<Record<string, unknown>>);
}

function fill(node: SettingNode, written: unknown): unknown {
  const value = written ?? node.default;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (node.properties !== undefined) {
    const filled: Record<string, unknown> = {};
    for (const [key, child] of Object.entries(node.properties)) {
      const entry = fill(child, (value as Readonly<Record<string, unknown>>)[key]);
      if (entry !== undefined) filled[key] = entry;
    }
    return filled;
  }
  if (typeof node.additionalProperties === 'object') {
    const child = node.additionalProperties;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fill(child, entry)]));
  }
  return value;
}
