import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config/config.js';
import { ledgerSettings } from '../config/index.js';
import { describeFieldError, VerdictError } from '../domain/errors.js';
import type { Result } from '../domain/result.js';
import { MemoryBudget } from '../ingest/index.js';
import type { Ledger } from '../sources/index.js';
import type { Logger } from '../telemetry/logger.js';
import { IngestedMetrics } from '../telemetry/index.js';
import { createMetrics } from '../telemetry/metrics.js';
import { KeySets } from './access/index.js';
import { startPayloadEvents } from './events/index.js';
import { ingestedSettings } from './ingested-settings.js';
import { buildGeneration, type Generation, type LastingServices } from './generation.js';
import { Admission } from './limits/admission.js';
import { CallerRates } from './limits/caller-rates.js';
import { answerInTime } from './limits/answer-in-time.js';
import { Pipelines } from './limits/pipelines.js';
import { Listener } from './listener.js';
import { buildOpenApi } from './openapi/build-openapi.js';
import { startReloading } from './reload/start-reloading.js';
import { routes } from './routes/index.js';
import { LastVerdicts } from './verdict/last-verdicts.js';
import { sweepRegularly } from './sweep-regularly.js';

/** What a server needs. The ledger stays the caller's: it is to be closed after the server. */
export interface ServerParts {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly logger: Logger;
  /** Reads the config again from where it came; absent: it stays as it is. */
  readonly loadConfig?: () => Result<Config>;
  /** Milliseconds since the epoch; absent: the clock of the machine. */
  readonly now?: () => number;
  /** Whether `/metrics` has those of the process too; absent: yes. */
  readonly processMetrics?: boolean;
}

/** A server that listens. */
export interface RunningServer {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** Reads the config again. Resolves with whether it is in force now; where it is wrong the one before stays. */
  reload(): Promise<boolean>;
  /**
   * Stops: not ready from now on; after `drainMs` (absent: 0) no new connections, and requests under way may end
   * within `server.stopGrace`. Resolves when the last connection is closed; calling it again waits for the same stop.
   */
  close(drainMs?: number): Promise<void>;
}

/**
 * Starts the HTTP service and resolves once it listens.
 * @throws VerdictError `invalid-config` when it cannot listen there, or a file that the config names is wrong
 */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { ledger, logger, now = Date.now, processMetrics = true } = parts;
  const metrics = createMetrics({ processMetrics });
  const admission = new Admission();
  let phase: 'running' | 'draining' | 'closing' = 'running';
  const ingested = new IngestedMetrics({
    registry: metrics.registry,
    logger,
    now,
    settings: ingestedSettings(parts.config),
  });
  const events = startPayloadEvents({ config: parts.config, ledger, logger, metrics, now, ingested });
  const lasting: LastingServices = {
    ledger,
    logger,
    metrics,
    now,
    admission,
    callerRates: new CallerRates(),
    ingested,
    ingestMemory: new MemoryBudget(parts.config.limits.ingestMemoryBytes),
    lastVerdicts: new LastVerdicts(),
    events,
    isStopping: () => phase !== 'running',
    host: parts.config.server.host,
    keySets: new KeySets(),
    openApi: buildOpenApi(routes),
  };
  const first = await buildGeneration(parts.config, lasting);
  if (!first.ok) throw new VerdictError('invalid-config', first.errors.map(describeFieldError).join('; '));
  let generation: Generation = first.value;

  const pipelines = new Pipelines();
  const listener = new Listener(parts.config, generation.certificate, (request, response) => {
    const isTaken = pipelines.enter(request, response, () => {
      metrics.requestsShed.inc({ reason: 'pipelining' });
    });
    if (!isTaken) return;
    if (phase !== 'running') response.setHeader('Connection', 'close');
    response.once('finish', () => {
      // The connection is idle only once this event is over; a stopping server must not wait for its next request.
      if (phase === 'closing') {
        setImmediate(() => {
          listener.closeIdleConnections();
        });
      }
    });
    answerInTime(request, response, generation.config.server.answerTimeoutMs, () => {
      metrics.requestsShed.inc({ reason: 'time' });
    });
    generation.handle(request, response);
  });
  const { host } = parts.config.server;
  const port = await listener.listen(host, parts.config.server.port);
  const protocol = generation.certificate === undefined ? 'http' : 'https';
  showCertificate(generation);
  const stopSweeping = sweepRegularly({ ledger, now, logger, metrics });
  const reloading = startReloading({
    logger,
    metrics,
    now,
    load: parts.loadConfig,
    inForce: () => generation.config,
    apply: async (config) => {
      const next = await buildGeneration(config, lasting);
      if (!next.ok) return next;
      generation.close();
      generation = next.value;
      ledger.configure(ledgerSettings(config));
      ingested.configure(ingestedSettings(config));
      lasting.ingestMemory.limitBytes = config.limits.ingestMemoryBytes;
      if (generation.certificate !== undefined) listener.renew(generation.certificate);
      showCertificate(generation);
      return next;
    },
  });
  logger.info({ protocol, host, port }, 'listening');

  function showCertificate({ certificate }: Generation): void {
    if (certificate !== undefined) metrics.certificateExpiry.set(certificate.expiresMs / 1000);
  }

  const close = async (drainMs: number): Promise<void> => {
    phase = 'draining';
    logger.info({ drainMs }, 'stopping');
    reloading.stop();
    stopSweeping();
    if (drainMs > 0) await wait(drainMs);
    phase = 'closing';
    const graceMs = generation.config.server.stopGraceMs;
    await listener.close(graceMs, () => {
      logger.warn({ graceMs }, 'requests did not end within the grace period; their connections are cut');
    });
    generation.close();
    await events.close();
    logger.info('stopped');
  };
  let closed: Promise<void> | undefined;
  return {
    protocol,
    host,
    port,
    reload: () => reloading.reload('asked for'),
    close: (drainMs = 0) => (closed ??= close(drainMs)),
  };
}
