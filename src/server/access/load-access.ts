import { admitsAnonymous, hasCredentials, type Config } from '../../config/index.js';
import { accessErrors } from '../../config/access-rules.js';
import type { FieldError } from '../../domain/errors.js';
import { failure, success, type Result } from '../../domain/result.js';
import { Access } from './access.js';
import { JwtIssuers, type Issuer } from './jwt-issuers.js';
import { readKeyFile } from './key-file.js';
import { KeySets } from './key-sets.js';
import { readTokenFiles } from './token-files.js';

/** What loading needs beside the config. */
export interface LoadAccessOptions {
  /**
   * The address that the service really listens on; absent: the config's. A reload does not move the service, so a
   * config that names a loopback address now must not open one that listens elsewhere.
   */
  readonly host?: string;
  /** Keys of issuers that were fetched before; they are kept over a reload. */
  readonly keySets?: KeySets;
  /** Milliseconds since the epoch; absent: the clock of the machine. */
  readonly now?: () => number;
}

/**
 * Reads the tokens and keys that a config names. Fails with every file that cannot be used, by its name and never by its
 * content. Keys that lie behind an address are fetched later: an issuer that is away keeps no service from starting.
 */
export async function loadAccess(config: Config, options: LoadAccessOptions = {}): Promise<Result<Access>> {
  const { keySets = new KeySets(), now = Date.now, host = config.server.host } = options;
  const parts = { access: config.access, server: { ...config.server, host } };
  const tokens = await readTokenFiles(config);
  const issuers = await readIssuers(config, keySets);
  if (!tokens.ok || !issuers.ok) {
    return failure([tokens, issuers].flatMap((read) => (read.ok ? [] : read.errors)));
  }
  const errors = accessErrors(parts);
  if (errors.length > 0) return failure(errors);
  keySets.keepOnly(new Set(config.access.jwt.flatMap(({ jwksUri }) => jwksUri ?? [])));
  return success(
    new Access({
      admitsAnonymous: admitsAnonymous(parts),
      hasCredentials: hasCredentials(config),
      tokens: tokens.value,
      issuers: new JwtIssuers(issuers.value, now),
    }),
  );
}

/** The files that `loadAccess` reads: when one of them changes, it is to be called again. */
export function accessFiles({ access }: Pick<Config, 'access'>): readonly string[] {
  return [
    ...access.tokens.flatMap(({ files }) => files),
    ...access.jwt.flatMap(({ jwksFile }) => jwksFile ?? []),
  ];
}

async function readIssuers({ access }: Config, keySets: KeySets): Promise<Result<readonly Issuer[]>> {
  const errors: FieldError[] = [];
  const issuers: Issuer[] = [];
  for (const [index, settings] of access.jwt.entries()) {
    const { jwksUri, jwksFile } = settings;
    if (jwksFile !== undefined) {
      const keys = await readKeyFile(jwksFile, `access.jwt[${index}].jwksFile`);
      if (keys.ok) issuers.push({ settings, keys: keys.value });
      else errors.push(...keys.errors);
    } else if (jwksUri !== undefined) {
      issuers.push({ settings, keys: keySets.at(jwksUri).get });
    }
  }
  return errors.length > 0 ? failure(errors) : success(issuers);
}
