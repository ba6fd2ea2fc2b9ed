/** The config's public face. */
export { admitsAnonymous, hasCredentials, isLoopback, openingErrors } from './access-rules.js';
export { alertReceivers, alertWarnings } from './alert-receivers.js';
export type { Config, ModelSettings } from './config.js';
export { effectiveConfig } from './effective-config.js';
export { watchFiles, type FileWatchParts } from './file-watch.js';
export { eventLimits, modelEvents, type ModelEvents } from './event-settings.js';
export { ingestLimits } from './ingest-limits.js';
export { ledgerPlace, ledgerSettings } from './ledger-settings.js';
export { loadConfig, type ConfigOrigins } from './load-config.js';
export { knownLatencyBounds, modelQueries, modelSource } from './model-queries.js';
export { entryNames, modelOfEntry, modelSettings } from './model-settings.js';
export type { ConfigFlags, Environment } from './overrides.js';
export { prometheusServers } from './prometheus-servers.js';
export { configReference } from './reference.js';
export { accessScopes, type AccessScope } from './sections/access.js';
export { parseYamlText, type YamlText } from './yaml-text.js';
