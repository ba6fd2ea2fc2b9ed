/** The public face of the clients of servers with the Prometheus query API. */
export type { BuildInfo } from './answers/build-info.js';
export type { LabelSets } from './answers/label-set-reader.js';
export {
  createPrometheusServer,
  type NoAnswer,
  type PrometheusServer,
  type ServerParts,
} from './prometheus-server.js';
export { PrometheusServers } from './prometheus-servers.js';
export type {
  InstantQuery,
  NativeBucket,
  NativeHistogram,
  Query,
  QueryAnswer,
  QuerySeries,
  QueryServer,
  RangeQuery,
} from './query.js';
export {
  queryOutcomes,
  type BreakerState,
  type QueryOutcome,
  type ServerObserver,
} from './server-observer.js';
export type { SeriesLookup } from './series-lookup.js';
export type {
  HeaderSetting,
  OAuth2Access,
  ServerAccess,
  ServerSettings,
  ServerTls,
} from './server-settings.js';
