import type { Config } from '../../config/config.js';
import { ledgerSettings, modelQueries, prometheusServers } from '../../config/index.js';
import { failure, type Result } from '../../domain/result.js';
import {
  PrometheusServers,
  PrometheusSource,
  type Ledger,
  type ObservationSource,
  type ServerObserver,
} from '../../sources/index.js';
import { RecentlyUsed } from '../verdict/recently-used.js';

/** For so many models it is remembered how they are read. */
const mostModels = 1000;

/** Where each model's observations come from, as a config has it. */
export class ModelSources {
  readonly #config: Config;
  readonly #ledger: Ledger;
  readonly #servers: PrometheusServers;
  readonly #prometheus: PrometheusSource;
  readonly #queries = new RecentlyUsed<{ readonly known: ReturnType<typeof modelQueries> }>(mostModels);

  constructor(config: Config, ledger: Ledger, observer?: ServerObserver) {
    this.#config = config;
    this.#ledger = ledger;
    this.#servers = new PrometheusServers(
      prometheusServers(config),
      observer === undefined ? {} : { observer },
    );
    this.#prometheus = new PrometheusSource({
      rules: ledgerSettings(config),
      queriesOf: (namespace, model) => this.#queriesOf(namespace, model) ?? notFromPrometheus,
      server: (name) => this.#servers.get(name),
      rollbacks: ({ fromMs, toMs, ...canary }) => ledger.history.rollbacks(canary, fromMs, toMs),
      changeMarker: (namespace, model) => ledger.changeMarker(namespace, model),
      fetchTimeoutMs: config.server.verdictDeadlineMs,
    });
  }

  of(namespace: string, model: string): ObservationSource {
    return this.#queriesOf(namespace, model) === undefined ? this.#ledger : this.#prometheus;
  }

  /** Ends all connections to servers, each after its last query. */
  close(): void {
    this.#servers.close();
  }

  #queriesOf(namespace: string, model: string): ReturnType<typeof modelQueries> {
    const key = `${namespace}\0${model}`;
    let queries = this.#queries.get(key);
    if (queries === undefined) {
      queries = { known: modelQueries(this.#config, namespace, model) };
      this.#queries.set(key, queries);
    }
    return queries.known;
  }
}

const notFromPrometheus: Result<never> = failure([
  { path: 'source', message: 'expected a model that is read from Prometheus' },
]);
