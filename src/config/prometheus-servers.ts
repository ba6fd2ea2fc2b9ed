import type { ServerSettings } from '../sources/prometheus/server/server-settings.js';
import type { Config } from './config.js';

/** The servers with the Prometheus query API that a config names, in its order. */
export function prometheusServers({ prometheus }: Pick<Config, 'prometheus'>): readonly ServerSettings[] {
  return [...prometheus.servers.values()];
}
