import type { z } from 'zod';
import type { Policy } from '../domain/policy.js';
import type { configSchema } from './config-schema.js';
import type { DatabaseUrl } from './database-url.js';

type Sections = z.output<typeof configSchema>;

/** What is known of one model; absent members have their defaults. */
export type ModelSettings = Sections['models'][string];

/** The effective config: file, environment and flags in one, checked. Times in milliseconds, sizes in bytes. */
export interface Config {
  readonly server: Readonly<Sections['server']>;
  readonly access: Readonly<Sections['access']>;
  readonly limits: Readonly<Sections['limits']>;
  readonly ledger: Readonly<Sections['ledger']>;
  readonly ingest: Readonly<Sections['ingest']>;
  readonly events: Readonly<Sections['events']>;
  readonly looks: Readonly<Sections['looks']>;
  readonly prometheus: Readonly<Sections['prometheus']>;
  readonly alerts: Readonly<Sections['alerts']>;
  readonly metrics: Readonly<Sections['metrics']>;
  readonly logging: Readonly<Sections['logging']>;
  readonly models: ReadonlyMap<string, ModelSettings>;
  /** Every policy that a request may name: the built-in ones and those of the config. */
  readonly policies: ReadonlyMap<string, Policy>;
  /** The database of the ledger, where it is not a file in `ledger.dataDir`. */
  readonly database?: DatabaseUrl;
  /** The file that was read, if any. */
  readonly file?: string;
  /** What was written in file, environment and flags, merged, before defaults: what `effectiveConfig` fills up. */
  readonly written: Readonly<Record<string, unknown>>;
}
