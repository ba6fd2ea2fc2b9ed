import { defaultLedgerSettings, type LedgerPlace, type LedgerSettings } from '../sources/index.js';
import type { Config } from './config.js';
import { modelSettings } from './model-settings.js';

/** How the ledger counts and what it keeps, as the config has it. */
export function ledgerSettings(config: Config): LedgerSettings {
  const { looks, ingest, ledger } = config;
  return {
    ...defaultLedgerSettings,
    settleMs: looks.settleMs,
    lookbackMs: looks.lookbackMs,
    restartGapMs: looks.restartGapMs,
    joinWindowMs: ingest.joinWindowMs,
    keepCountsMs: ledger.keepCountsMs,
    keepVerdictsMs: ledger.keepVerdictsMs,
    maxSizeBytes: ledger.maxSizeBytes,
    maxModels: ingest.maxModels,
    maxVersions: ingest.maxVersions,
    maxLabels: ingest.maxLabels,
    denominator: (namespace, model) =>
      modelSettings(config, namespace, model).denominator ??
      defaultLedgerSettings.denominator(namespace, model),
    routing: (namespace, model) =>
      modelSettings(config, namespace, model).routing ?? defaultLedgerSettings.routing(namespace, model),
  };
}

/** Where the ledger is, as the config has it. */
export function ledgerPlace({ database, ledger }: Config): LedgerPlace {
  return database === undefined ? ledger.dataDir : { databaseUrl: database.reveal() };
}
