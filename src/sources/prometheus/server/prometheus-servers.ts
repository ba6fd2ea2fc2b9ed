import { createPrometheusServer, type PrometheusServer, type ServerParts } from './prometheus-server.js';
import type { ServerSettings } from './server-settings.js';

/** The servers of a config, by name. A config that takes its place gets new ones; these are closed then. */
export class PrometheusServers {
  readonly #servers: ReadonlyMap<string, PrometheusServer>;

  constructor(settings: Iterable<ServerSettings>, parts: ServerParts = {}) {
    const servers = Array.from(settings, (one) => [one.name, createPrometheusServer(one, parts)] as const);
    this.#servers = new Map(servers);
  }

  get names(): readonly string[] {
    return [...this.#servers.keys()];
  }

  /** Undefined for a name that the config does not have. */
  get(name: string): PrometheusServer | undefined {
    return this.#servers.get(name);
  }

  /** Ends all connections, each after its last query. */
  close(): void {
    for (const server of this.#servers.values()) server.close();
  }
}
