import type { z } from 'zod';
import type { Policy } from '../domain/policy.js';
import type { configSchema } from './config-schema.js';

type Sections = z.output<typeof configSchema>;

/** What is known of one model; absent members have their defaults. */
export type ModelSettings = Sections['models'][string];

/** The effective config: file, environment and flags in one, checked. Times in milliseconds, sizes in bytes. */
export interface Config {
  readonly server: Readonly<Sections['server']>;
  readonly ledger: Readonly<Sections['ledger']>;
  readonly ingest: Readonly<Sections['ingest']>;
  readonly looks: Readonly<Sections['looks']>;
  readonly logging: Readonly<Sections['logging']>;
  readonly models: ReadonlyMap<string, ModelSettings>;
  /** Every policy that a request may name: the built-in ones and those of the config. */
  readonly policies: ReadonlyMap<string, Policy>;
  /** The file that was read, if any. */
  readonly file?: string;
  /** What was written in file, environment and flags, merged, before defaults: what `effectiveConfig` fills up. */
  readonly written: Readonly<Record<string, unknown>>;
}
