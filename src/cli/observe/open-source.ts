import { existsSync } from 'node:fs';
import { ledgerPlace, ledgerSettings, modelSettings, modelSource, type Config } from '../../config/index.js';
import { VerdictError } from '../../domain/errors.js';
import { ModelSources } from '../../server/sources/model-sources.js';
import { openLedger, openMemoryLedger, type ObservationSource } from '../../sources/index.js';

/** The source of a model, as the service would have it. */
export interface OpenSource {
  readonly source: ObservationSource;
  /** What its observations cannot know, a sentence each. */
  readonly unknown: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens the source of a model. What Prometheus counts needs a ledger only for the rollbacks that were answered before:
 * where there is no folder, none are known, and none is made. A model whose counts are in the ledger fails there.
 */
export async function openSource(config: Config, namespace: string, model: string): Promise<OpenSource> {
  const place = ledgerPlace(config);
  const absent = typeof place === 'string' && !existsSync(place) ? place : undefined;
  if (absent !== undefined && modelSource(modelSettings(config, namespace, model)) === 'ledger') {
    throw new VerdictError('invalid-input', `there is no ledger in "${absent}": no such folder`);
  }
  const settings = ledgerSettings(config);
  const ledger = absent === undefined ? await openLedger(place, settings) : await openMemoryLedger(settings);
  const sources = new ModelSources(config, ledger);
  return {
    source: sources.of(namespace, model),
    unknown:
      absent === undefined
        ? []
        : [
            `there is no ledger in "${absent}": rollbacks that a service answered before are not known (--data-dir or DATABASE_URL names its ledger)`,
          ],
    close: async () => {
      sources.close();
      await ledger.close();
    },
  };
}
