/** Observations from servers that speak the Prometheus query API. */
export { PrometheusSource } from './prometheus-source.js';
export type { PrometheusSourceParts, RollbackQuery } from './source-settings.js';
export * from './server/index.js';
