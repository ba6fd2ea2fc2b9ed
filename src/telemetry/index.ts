/** Telemetry's public face. */
export { createControllerMetrics, type ControllerRegistry } from './controller-metrics.js';
export { readBuildInfo, type BuildInfo } from './build-info.js';
export { IngestedMetrics, type IngestedMetricsParts } from './ingested/ingested-metrics.js';
export type { IngestedSettings } from './ingested/settings.js';
export { createLogger, type Logger, type LoggerOptions } from './logger.js';
export { createMetrics, type Metrics } from './metrics.js';
export { traceIdFrom } from './trace-id.js';
export { metricsReference } from './reference.js';
export { upstreamObserver } from './upstream-observer.js';
