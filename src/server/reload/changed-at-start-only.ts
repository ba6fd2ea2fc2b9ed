import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../../config/config.js';

/** Settings that are looked at when the service starts, and then no more. */
const startOnly: readonly { readonly name: string; readonly of: (config: Config) => unknown }[] = [
  { name: 'server.host', of: ({ server }) => server.host },
  { name: 'server.port', of: ({ server }) => server.port },
  { name: 'server.requestTimeout', of: ({ server }) => server.requestTimeoutMs },
  { name: 'server.headersTimeout', of: ({ server }) => server.headersTimeoutMs },
  { name: 'server.keepAliveTimeout', of: ({ server }) => server.keepAliveTimeoutMs },
  { name: 'server.reloadInterval', of: ({ server }) => server.reloadIntervalMs },
  { name: 'server.tls', of: ({ server }) => server.tls !== undefined },
  { name: 'limits.connections', of: ({ limits }) => limits.connections },
  { name: 'events', of: ({ events }) => events },
  { name: 'ledger.dataDir', of: ({ ledger }) => ledger.dataDir },
];

/** The names of settings that differ between two configs although only a restart changes them. */
export function changedAtStartOnly(before: Config, after: Config): readonly string[] {
  return startOnly.filter(({ of }) => !isDeepStrictEqual(of(before), of(after))).map(({ name }) => name);
}
