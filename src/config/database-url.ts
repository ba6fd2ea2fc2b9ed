import { failure, success, type Result } from '../domain/result.js';
import { readVariable, type ConfigFlags, type Environment } from './overrides.js';

const variable = 'DATABASE_URL';

/** The URL of a database. It may hold a password, so nothing that prints or serialises a config can tell it. */
export class DatabaseUrl {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The URL itself, for whoever connects. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return variable;
  }
}

/**
 * The database that the environment names. A folder that is given by a flag wins over it, as flags do; one that the
 * environment or a file names does not.
 */
export function readDatabaseUrl(env: Environment, flags: ConfigFlags): Result<DatabaseUrl | undefined> {
  const text = readVariable(env, variable);
  if (text === undefined || flags.dataDir !== undefined) return success(undefined);
  if (isPostgresUrl(text)) return success(new DatabaseUrl(text));
  return failure([
    {
      path: variable,
      message:
        'expected the URL of a PostgreSQL database such as "postgres://user:password@host:5432/name", got something else (not shown, since it may hold a password); unset it to keep the ledger in ledger.dataDir',
    },
  ]);
}

function isPostgresUrl(text: string): boolean {
  if (!/^postgres(?:ql)?:\/\//.test(text)) return false;
  try {
    const { hostname, searchParams, pathname } = new URL(text);
    // A socket is named by a parameter. A name with a stray "%" would make the client library throw it at us.
    decodeURIComponent(pathname);
    return hostname !== '' || searchParams.has('host');
  } catch {
    return false;
  }
}
