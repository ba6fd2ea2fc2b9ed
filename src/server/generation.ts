import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/config.js';
import { success, type Result } from '../domain/result.js';
import type { PayloadEvents } from '../ingest/events/index.js';
import { upstreamObserver } from '../telemetry/index.js';
import { loadAccess, type KeySets } from './access/index.js';
import { createApp } from './app.js';
import { payloadEventsHandler } from './events/index.js';
import type { Services } from './services.js';
import { ModelSources } from './sources/model-sources.js';
import { readCertificate, type Certificate } from './tls/read-certificate.js';
import type { LastVerdicts } from './verdict/last-verdicts.js';
import { VerdictService } from './verdict/verdict-service.js';

/** What lives as long as the process, whichever config is in force. */
export type LastingServices = Omit<Services, 'access' | 'config' | 'sources' | 'verdicts'> & {
  readonly lastVerdicts: LastVerdicts;
  /** The intake of payload events. */
  readonly events: PayloadEvents;
  /** The address that is listened on, whatever a later config says. */
  readonly host: string;
  /** The keys of issuers: those that are known stay known over a reload. */
  readonly keySets: KeySets;
};

/** Everything that follows from one config. A reload makes a new one; requests under way end on theirs. */
export interface Generation {
  readonly config: Config;
  /** Present where the service speaks TLS. */
  readonly certificate?: Certificate;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Ends what only this config needs, each after its last use. */
  readonly close: () => void;
}

/** Makes what a config asks for. Fails, without having changed anything, where files that it names are wrong. */
export async function buildGeneration(config: Config, lasting: LastingServices): Promise<Result<Generation>> {
  const { tls } = config.server;
  const certificate = tls === undefined ? undefined : readCertificate(tls);
  if (certificate?.ok === false) return certificate;
  const access = await loadAccess(config, lasting);
  if (!access.ok) return access;
  const answerEvent = payloadEventsHandler({
    ...lasting,
    config,
    access: access.value,
    isOverRate: (request) => lasting.callerRates.isOver(request, config),
  });
  const sources = new ModelSources(config, lasting.ledger, upstreamObserver(lasting.metrics));
  const app = createApp({
    ...lasting,
    config,
    access: access.value,
    sources,
    verdicts: new VerdictService({ ...lasting, config, sources }),
  });
  return success({
    config,
    ...(certificate === undefined ? {} : { certificate: certificate.value }),
    handle: (request, response) => {
      if (!answerEvent(request, response)) app(request, response);
    },
    close: () => {
      sources.close();
    },
  });
}
