import type { FailureKind } from '../ledger-dialect.js';

/** What the errors of PostgreSQL and of the connection to it mean. */

/** Errors of the client library that have no code, by what their messages begin with. */
const codesByMessage: readonly (readonly [prefix: string, code: string])[] = [
  ['timeout exceeded when trying to connect', 'CONNECT_TIMEOUT'],
  ['timeout expired', 'CONNECT_TIMEOUT'],
  ['Connection terminated due to connection timeout', 'CONNECT_TIMEOUT'],
  ['Query read timeout', 'QUERY_TIMEOUT'],
  ['The server does not support SSL', 'NO_TLS'],
  ['There was an error establishing an SSL', 'NO_TLS'],
  ['SASL', 'NO_PASSWORD'],
  ['Connection terminated', 'CONNECTION_LOST'],
  ['Client has encountered a connection error', 'CONNECTION_LOST'],
  ['Client was closed', 'CONNECTION_LOST'],
];

/** The code of an error: an SQLSTATE, an errno, or one of the client library's. */
export function postgresCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codesByMessage.find(([prefix]) => error.message.startsWith(prefix))?.[1] ?? '';
}

interface Meaning {
  readonly kind: FailureKind;
  readonly text: string;
}

const lost: Meaning = { kind: 'away', text: 'the connection to the database was lost' };
const unanswered: Meaning = { kind: 'away', text: 'the database does not answer in time' };
const silent: Meaning = { kind: 'away', text: 'nothing answers at the address of the database' };
const untrusted: Meaning = { kind: 'away', text: 'the certificate of the database is not trusted' };

/** Meanings by code, or by the first two characters of an SQLSTATE, its class. */
const meanings: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: silent,
  EHOSTUNREACH: silent,
  ENETUNREACH: silent,
  EHOSTDOWN: silent,
  ENOENT: silent,
  ETIMEDOUT: unanswered,
  CONNECT_TIMEOUT: unanswered,
  QUERY_TIMEOUT: unanswered,
  ECONNRESET: lost,
  EPIPE: lost,
  CONNECTION_LOST: lost,
  ENOTFOUND: { kind: 'away', text: 'the host name of the database cannot be resolved' },
  EAI_AGAIN: { kind: 'away', text: 'the host name of the database cannot be resolved' },
  NO_TLS: { kind: 'away', text: 'the database does not speak TLS as the URL asks' },
  NO_PASSWORD: { kind: 'away', text: 'the database asks for a password that the URL does not have' },
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: untrusted,
  // Not the whole class: 08P01 says that the database did not understand a message, on a connection that is there.
  '08000': lost,
  '08001': lost,
  '08003': lost,
  '08004': lost,
  '08006': lost,
  '08007': lost,
  '25006': { kind: 'away', text: 'the database is read-only' },
  '25P03': lost,
  '28': { kind: 'away', text: 'the database refuses the user or the password' },
  '3D': { kind: 'away', text: 'the server has no database of this name' },
  '3F': { kind: 'other', text: 'the database user has no schema to keep tables in' },
  '40': { kind: 'conflict', text: 'other work on the same rows was in the way' },
  '23505': { kind: 'conflict', text: 'other work on the same rows was in the way' },
  '55P03': { kind: 'conflict', text: 'other work held the same rows for too long' },
  '42501': { kind: 'other', text: 'the database user lacks the right to create, read or change the tables' },
  '53100': { kind: 'other', text: 'the disk of the database is full' },
  '53200': { kind: 'away', text: 'the database is out of memory' },
  '53300': { kind: 'away', text: 'the database has too many connections' },
  '57014': { kind: 'slow', text: 'the database took too long' },
  '57': { kind: 'away', text: 'the database is starting or stopping' },
  '58': { kind: 'other', text: 'the disk of the database could not be read or written' },
  XX001: { kind: 'other', text: 'the database is damaged' },
  XX002: { kind: 'other', text: 'the database is damaged' },
};

function meaningOf(error: unknown): Meaning | undefined {
  const code = postgresCode(error);
  return meanings[code] ?? (code.length === 5 ? meanings[code.slice(0, 2)] : undefined);
}

export function postgresFailureKind(error: unknown): FailureKind {
  return meaningOf(error)?.kind ?? 'other';
}

/** An error in words that name neither host nor user, statement nor value. */
export function explainPostgres(error: unknown): string {
  return meaningOf(error)?.text ?? 'the database answered with an error';
}

/** An error as a log may have it: its meaning and its code alone. */
export function loggablePostgres(error: unknown): Error {
  return Object.assign(new Error(explainPostgres(error)), { code: postgresCode(error) });
}
