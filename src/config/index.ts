/** The config's public face. */
export type { Config, ModelSettings } from './config.js';
export { effectiveConfig } from './effective-config.js';
export { ingestLimits } from './ingest-limits.js';
export { ledgerSettings } from './ledger-settings.js';
export { loadConfig, type ConfigOrigins } from './load-config.js';
export { modelSettings } from './model-settings.js';
export type { ConfigFlags, Environment } from './overrides.js';
export { configReference } from './reference.js';
export { parseYamlText, type YamlText } from './yaml-text.js';
