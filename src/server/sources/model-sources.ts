import type { Config } from '../../config/config.js';
import { ledgerSettings, modelQueries, prometheusServers } from '../../config/index.js';
import { failure } from '../../domain/result.js';
import {
  PrometheusServers,
  PrometheusSource,
  type Ledger,
  type ObservationSource,
  type ServerObserver,
} from '../../sources/index.js';

/** Where each model's observations come from, as a config has it. */
export class ModelSources {
  readonly #config: Config;
  readonly #ledger: Ledger;
  readonly #servers: PrometheusServers;
  readonly #prometheus: PrometheusSource;

  constructor(config: Config, ledger: Ledger, observer?: ServerObserver) {
    this.#config = config;
    this.#ledger = ledger;
    this.#servers = new PrometheusServers(
      prometheusServers(config),
      observer === undefined ? {} : { observer },
    );
    this.#prometheus = new PrometheusSource({
      rules: ledgerSettings(config),
      queriesOf: (namespace, model) =>
        modelQueries(config, namespace, model) ??
        failure([{ path: 'source', message: 'expected a model that is read from Prometheus' }]),
      server: (name) => this.#servers.get(name),
      rollbacks: ({ fromMs, toMs, ...canary }) => ledger.history.rollbacks(canary, fromMs, toMs),
      changeMarker: (namespace, model) => ledger.changeMarker(namespace, model),
      fetchTimeoutMs: config.server.verdictDeadlineMs,
    });
  }

  of(namespace: string, model: string): ObservationSource {
    return modelQueries(this.#config, namespace, model) === undefined ? this.#ledger : this.#prometheus;
  }

  /** Ends all connections to servers, each after its last query. */
  close(): void {
    this.#servers.close();
  }
}
