import { Asker, type Asked } from './asker.js';
import { DataReader } from './answers/data-reader.js';
import { QueryReader } from './answers/query-reader.js';
import { isFailure, type Failure } from './failure.js';
import type { Query, QueryAnswer, QueryServer } from './query.js';
import { queryForm, queryPath } from './query-form.js';
import { readBuildInfo, type BuildInfo } from './answers/build-info.js';
import { LabelSetReader, type LabelSets } from './answers/label-set-reader.js';
import { seriesForm, type SeriesLookup } from './series-lookup.js';
import type { ServerObserver } from './server-observer.js';
import type { ServerSettings } from './server-settings.js';
import { defaultServerTimes, type ServerTimes } from './server-times.js';

/** What a server is made with, beside its settings. */
export interface ServerParts {
  readonly observer?: ServerObserver;
  readonly times?: Partial<ServerTimes>;
}

/** Why a server did not answer, as in the answer to a query. */
export type NoAnswer = Extract<QueryAnswer, { readonly reason: string }>;

/** A server with the Prometheus query API, and what else can be asked of it. */
export interface PrometheusServer extends QueryServer {
  /** The labels of the series that there are. */
  seriesOf(lookup: SeriesLookup, signal: AbortSignal): Promise<LabelSets | NoAnswer>;
  /** What the server says it is; not every kind of server says it. */
  buildInfo(signal: AbortSignal): Promise<BuildInfo | NoAnswer>;
  /** Ends its connections, each after its last query. */
  close(): void;
}

/** Answers of a few lines. */
const smallAnswerBytes = 1024 * 1024;

/** Of a server that has no such call. */
const untold: BuildInfo = { kind: 'build' };

/** A client of one server. It holds connections once it was asked something. */
export function createPrometheusServer(settings: ServerSettings, parts: ServerParts = {}): PrometheusServer {
  const { name } = settings;
  const asker = new Asker(settings, {
    observer: parts.observer ?? {},
    times: { ...defaultServerTimes, ...parts.times },
  });
  return {
    name,
    async query(query: Query, signal: AbortSignal): Promise<QueryAnswer> {
      const { result, bytes, elapsedMs, dateMs } = await asker.ask(
        {
          method: 'POST',
          path: queryPath(query),
          form: (timeoutMs) => queryForm(query, timeoutMs),
          reader: (secrets) => new QueryReader(settings, secrets),
        },
        signal,
      );
      return isFailure(result)
        ? noAnswer(name, result)
        : { ...result, bytes, elapsedMs, ...(dateMs === undefined ? {} : { serverMs: dateMs }) };
    },
    async seriesOf(lookup, signal) {
      const asked = await asker.ask(
        {
          method: 'GET',
          path: '/api/v1/series',
          form: (timeoutMs) => seriesForm(lookup, timeoutMs),
          reader: (secrets) =>
            new LabelSetReader({ limit: lookup.limit, maxResponseBytes: settings.maxResponseBytes }, secrets),
        },
        signal,
      );
      return answerOf(name, asked);
    },
    async buildInfo(signal) {
      const asked = await asker.ask(
        {
          method: 'GET',
          path: '/api/v1/status/buildinfo',
          form: () => new URLSearchParams(),
          reader: (secrets) => new DataReader(smallAnswerBytes, secrets, readBuildInfo),
          byStatus: (status) => (status === 404 ? untold : undefined),
        },
        signal,
      );
      return answerOf(name, asked);
    },
    close() {
      asker.close();
    },
  };
}

function answerOf<T extends object>(name: string, { result }: Asked<T>): Exclude<T, Failure> | NoAnswer {
  return isFailure(result) ? noAnswer(name, result) : (result as Exclude<T, Failure>);
}

function noAnswer(name: string, { outcome, reason }: Failure): NoAnswer {
  return {
    kind: outcome === 'partial' ? 'partial' : 'unavailable',
    reason: `the server prometheus "${name}" ${reason}`,
  };
}
