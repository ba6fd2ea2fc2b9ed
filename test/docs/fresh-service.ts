import { loadConfig } from '../../src/config/index.js';
import { startServer } from '../../src/server/index.js';
import { openMemoryLedger } from '../../src/sources/index.js';
import { createLogger } from '../../src/telemetry/index.js';
import { valueOf } from '../support/value-of.js';

export interface FreshService {
  /** Host and port. */
  readonly address: string;
  close(): Promise<void>;
}

/** A service without any data, as `ml-verdict serve` starts it, on a free port. */
export async function startFreshService(): Promise<FreshService> {
  const config = valueOf(loadConfig({ env: {}, flags: { port: 0 } }));
  const ledger = await openMemoryLedger();
  const server = await startServer({ config, ledger, logger: createLogger({ level: 'silent' }) });
  return {
    address: `${server.host}:${server.port}`,
    close: async () => {
      await server.close();
      await ledger.close();
    },
  };
}
