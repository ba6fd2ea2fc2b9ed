import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/config.js';
import { VerdictError } from '../domain/errors.js';
import type { Ledger } from '../sources/index.js';
import type { Logger } from '../telemetry/logger.js';
import { createMetrics } from '../telemetry/metrics.js';
import { createApp } from './app.js';
import { answerClientError } from './http/answer-client-error.js';
import { buildOpenApi } from './openapi/build-openapi.js';
import { routes } from './routes/index.js';
import { sweepRegularly } from './sweep-regularly.js';
import { VerdictService } from './verdict/verdict-service.js';

/** What a server needs. The ledger stays the caller's: it is to be closed after the server. */
export interface ServerParts {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly logger: Logger;
  /** Milliseconds since the epoch; absent: the clock of the machine. */
  readonly now?: () => number;
  /** Whether `/metrics` has those of the process too; absent: yes. */
  readonly processMetrics?: boolean;
}

/** A server that listens. */
export interface RunningServer {
  readonly host: string;
  readonly port: number;
  /**
   * Stops: not ready from now on, no new connections, requests under way may end within `server.stopGrace`.
   * Resolves when the last connection is closed; calling it again waits for the same stop.
   */
  close(): Promise<void>;
}

/**
 * Starts the HTTP service and resolves once it listens.
 * @throws VerdictError `invalid-config` when it cannot listen there
 */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { config, ledger, logger, now = Date.now, processMetrics = true } = parts;
  const metrics = createMetrics({ processMetrics });
  let stopping = false;
  const app = createApp({
    config,
    ledger,
    logger,
    metrics,
    now,
    verdicts: new VerdictService({ config, ledger, logger, metrics, now }),
    isStopping: () => stopping,
    openApi: buildOpenApi(routes),
  });
  const server = createServer(
    {
      requestTimeout: config.server.requestTimeoutMs,
      headersTimeout: Math.min(config.server.headersTimeoutMs, config.server.requestTimeoutMs),
      // How often the two are looked at; by default every 30 s, which a shorter timeout would not notice.
      connectionsCheckingInterval: Math.max(
        1,
        Math.min(1000, Math.floor(config.server.headersTimeoutMs / 2)),
      ),
      keepAliveTimeout: config.server.keepAliveTimeoutMs,
    },
    (request, response) => {
      response.once('finish', () => {
        // The connection is idle only once this event is over; a stopping server must not wait for its next request.
        if (stopping) {
          setImmediate(() => {
            server.closeIdleConnections();
          });
        }
      });
      app(request, response);
    },
  );
  server.on('clientError', answerClientError);
  await listen(server, config.server.host, config.server.port);
  const { port } = server.address() as AddressInfo;
  const stopSweeping = sweepRegularly(ledger, now, logger);
  logger.info({ host: config.server.host, port }, 'listening');

  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    stopping = true;
    logger.info('stopping');
    stopSweeping();
    await stop(server, config.server.stopGraceMs, logger);
    logger.info('stopped');
  };
  return { host: config.server.host, port, close: () => (closed ??= close()) };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      const reason = 'code' in error ? String(error.code) : error.message;
      const message = `the service cannot listen on ${host} port ${port}: ${reason}`;
      reject(new VerdictError('invalid-config', message, [], { cause: error }));
    };
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

/** Closes a server; connections that are not done after the grace period are cut. */
function stop(server: Server, graceMs: number, logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      logger.warn({ graceMs }, 'requests did not end within the grace period; their connections are cut');
      server.closeAllConnections();
    }, graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
