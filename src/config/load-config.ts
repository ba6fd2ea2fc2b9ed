import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { z } from 'zod';
import type { FieldError } from '../domain/errors.js';
import { suggestName } from '../domain/nearest-name.js';
import { parseWith, quote } from '../domain/parsing.js';
import type { Policy } from '../domain/policy.js';
import { failure, success, type Result } from '../domain/result.js';
import { builtInPolicies, parsePolicy } from '../judge/index.js';
import { accessErrors } from './access-rules.js';
import type { Config } from './config.js';
import { configSchema } from './config-schema.js';
import { readDatabaseUrl, type DatabaseUrl } from './database-url.js';
import {
  configFileVariable,
  givenOverrides,
  readVariable,
  type ConfigFlags,
  type Environment,
  type GivenOverride,
} from './overrides.js';
import { modelQueryErrors } from './model-queries.js';
import { retentionErrors } from './retention-rules.js';
import { parseYamlText } from './yaml-text.js';

/** Where a config comes from; later ones win: file, environment, flags. */
export interface ConfigOrigins {
  /** Path of a YAML or JSON file; absent: the variable `ML_VERDICT_CONFIG`, else no file. */
  readonly file?: string | undefined;
  readonly env?: Environment;
  readonly flags?: ConfigFlags;
  /** Whether callers are to be let in by it: then it has to say whom. Absent: yes. */
  readonly toServe?: boolean;
  /**
   * Whether it is to take the place of a config in force. A file that holds nothing at all is then a mishap and no config
   * of all defaults; `{}` is one. Absent: no.
   */
  readonly again?: boolean;
}

/**
 * Reads, merges and checks the config. Fails with every mistake at once: unknown keys with the nearest known
 * name, wrong values with what was expected, both with the line of the file or the variable or flag.
 */
export function loadConfig(origins: ConfigOrigins): Result<Config> {
  const { file, env = {}, flags = {}, toServe = true, again = false } = origins;
  const database = readDatabaseUrl(env, flags);
  if (!database.ok) return database;
  const path = file ?? readVariable(env, configFileVariable);
  const read = path === undefined ? success(emptyFile) : readConfigFile(path);
  if (!read.ok) return read;
  if (again && path !== undefined && read.value.isEmpty) {
    return failure([{ path, message: 'the config file holds nothing; for all defaults write {}' }]);
  }
  const errors = checkFile(read.value, path);
  if (errors.length > 0) return failure(errors);
  const merged = merge(read.value.content, givenOverrides(env, flags), path, database.value);
  if (!merged.ok || !toServe) return merged;
  const refused = accessErrors(merged.value);
  return refused.length > 0 ? failure(refused) : merged;
}

interface ConfigFile {
  readonly content: Readonly<Record<string, unknown>>;
  readonly lineOf: (path: string) => number | undefined;
  /** Whether there is nothing in it but comments and headings. */
  readonly isEmpty: boolean;
}

const emptyFile: ConfigFile = { content: {}, lineOf: () => undefined, isEmpty: true };

function readConfigFile(path: string): Result<ConfigFile> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return failure([
      { path, message: `the config file cannot be read: ${reasonOf(error)}`, unreadable: true },
    ]);
  }
  const parsed = parseYamlText(text);
  if (!parsed.ok) return failure(parsed.errors.map(({ message }) => ({ path, message })));
  const { value, lineOf } = parsed.value;
  if (value === null || value === undefined) return success(emptyFile);
  if (typeof value !== 'object' || Array.isArray(value)) {
    return failure([
      { path, message: `expected a mapping of sections such as "server:", got ${quote(value)}` },
    ]);
  }
  // A section whose every line is commented out reads as null: the same as if it were not there.
  const sections = Object.entries(value);
  const content = Object.fromEntries(sections.filter(([, section]) => section !== null));
  return success({ content, lineOf, isEmpty: sections.length > 0 && Object.keys(content).length === 0 });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a directory';
  if (code === 'EACCES') return 'permission denied';
  return error instanceof Error ? error.message : 'unknown reason';
}

function checkFile({ content, lineOf }: ConfigFile, path: string | undefined): readonly FieldError[] {
  const parsed = parseSections(content);
  if (parsed.ok || path === undefined) return parsed.ok ? [] : parsed.errors;
  return parsed.errors.map((error) => {
    const line = lineOf(error.path);
    const place = line === undefined ? basename(path) : `line ${line} of ${basename(path)}`;
    return { path: error.path, message: `${error.message} (${place})` };
  });
}

/** Puts environment and flags over the content of the file, which is right in itself, and checks them too. */
function merge(
  content: Readonly<Record<string, unknown>>,
  given: readonly GivenOverride[],
  file: string | undefined,
  database: DatabaseUrl | undefined,
): Result<Config> {
  const written: Record<string, unknown> = { ...content };
  for (const { section, key, value } of given) {
    written[section] = { ...(written[section] as object | undefined), [key]: value };
  }
  const parsed = parseSections(written);
  if (!parsed.ok) {
    return failure(
      parsed.errors.map((error) => {
        const origin = given.find(({ section, key }) => error.path === `${section}.${key}`)?.origin;
        return origin === undefined ? error : { path: origin, message: error.message };
      }),
    );
  }
  const { sections, policies } = parsed.value;
  return success({
    server: sections.server,
    access: sections.access,
    limits: sections.limits,
    ledger: sections.ledger,
    ingest: sections.ingest,
    events: sections.events,
    looks: sections.looks,
    prometheus: sections.prometheus,
    alerts: sections.alerts,
    metrics: sections.metrics,
    logging: sections.logging,
    models: new Map(Object.entries(sections.models)),
    policies,
    ...(file === undefined ? {} : { file }),
    ...(database === undefined ? {} : { database }),
    written,
  });
}

type Sections = z.output<typeof configSchema>;

interface CheckedSections {
  readonly sections: Sections;
  readonly policies: ReadonlyMap<string, Policy>;
}

function parseSections(content: Readonly<Record<string, unknown>>): Result<CheckedSections> {
  const parsed = parseWith(configSchema, content);
  const errors: FieldError[] = parsed.ok ? [] : [...parsed.errors];
  const policies = new Map(builtInPolicies);
  const given = Object.entries(parsed.ok ? parsed.value.policies : policiesOf(content));
  for (const [name, raw] of given) {
    const policy = parsePolicy(raw, name, `policies.${name}`);
    if (policy.ok) policies.set(name, policy.value);
    else errors.push(...policy.errors);
  }
  if (!parsed.ok) return failure(errors);
  const known = [...new Set([...policies.keys(), ...given.map(([name]) => name)])];
  for (const [model, { policy }] of Object.entries(parsed.value.models)) {
    if (policy === undefined || known.includes(policy)) continue;
    errors.push({
      path: `models.${model}.policy`,
      message: `unknown policy ${quote(policy)}; ${suggestName(policy, known)}`,
    });
  }
  const { server } = parsed.value;
  if (server.answerTimeoutMs <= server.requestTimeoutMs) {
    const [answer, request] = [server.answerTimeoutMs, server.requestTimeoutMs].map((ms) => `${ms / 1000}s`);
    errors.push({
      path: 'server.answerTimeout',
      message: `expected more than server.requestTimeout (${request}), got ${answer}`,
    });
  }
  errors.push(...retentionErrors(parsed.value));
  const models = new Map(Object.entries(parsed.value.models));
  errors.push(...modelQueryErrors({ models, prometheus: parsed.value.prometheus }));
  return errors.length > 0 ? failure(errors) : success({ sections: parsed.value, policies });
}

/** The policies of a config with mistakes elsewhere: theirs are told in the same go. */
function policiesOf(content: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { policies } = content;
  return typeof policies === 'object' && policies !== null && !Array.isArray(policies)
    ? (policies as Readonly<Record<string, unknown>>)
    : {};
}
