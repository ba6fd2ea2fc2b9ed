/** Telemetry's public face. */
export { readBuildInfo, type BuildInfo } from './build-info.js';
export { createLogger, type Logger, type LoggerOptions } from './logger.js';
export { createMetrics, type Metrics } from './metrics.js';
export { traceIdFrom } from './trace-id.js';
export { metricsReference } from './reference.js';
