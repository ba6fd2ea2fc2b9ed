import { createHash } from 'node:crypto';
import {
  decodeJwt,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import type { Config } from '../../config/index.js';
import { Caller, type GrantSettings } from './caller.js';
import { KeysUnavailableError } from './key-set.js';
import type { Identity, RefusalReason } from './refusal.js';

type IssuerSettings = Config['access']['jwt'][number];

/** An issuer and where its keys come from. */
export interface Issuer {
  readonly settings: IssuerSettings;
  readonly keys: JWTVerifyGetKey;
}

/** Checks signed tokens of several issuers. */
export class JwtIssuers {
  readonly #issuers: ReadonlyMap<string, Issuer>;
  readonly #now: () => number;

  constructor(issuers: readonly Issuer[], now: () => number) {
    this.#issuers = new Map(issuers.map((issuer) => [issuer.settings.issuer, issuer]));
    this.#now = now;
  }

  /** Whose token it is. Never fails: what cannot be read is refused. */
  async identify(token: string): Promise<Identity<Caller>> {
    if (this.#issuers.size === 0) return refused('unknown-token');
    const named = issuerOf(token);
    if (named === undefined) return refused('unknown-token');
    const issuer = this.#issuers.get(named);
    if (issuer === undefined) return refused('unknown-issuer');
    try {
      const payload = await verify(token, issuer, new Date(this.#now()));
      return { kind: 'caller', caller: callerOf(issuer.settings, payload) };
    } catch (error) {
      return refused(reasonOf(error));
    }
  }
}

function refused(reason: RefusalReason): Identity<Caller> {
  return { kind: 'refused', reason };
}

/** The issuer that a token names, believed only to choose the keys that it is then checked with. */
function issuerOf(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    return undefined;
  }
}

async function verify(token: string, { settings, keys }: Issuer, currentDate: Date): Promise<JWTPayload> {
  const { issuer, audience, algorithms, clockToleranceMs } = settings;
  const options: JWTVerifyOptions = {
    issuer,
    audience,
    algorithms: [...algorithms],
    clockTolerance: clockToleranceMs / 1000,
    requiredClaims: ['exp'],
    currentDate,
  };
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return await verifyWithAny(token, error, options);
  }
}

/** A token that does not name its key is checked with each that it could mean. */
async function verifyWithAny(
  token: string,
  candidates: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  for await (const key of candidates) {
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

function reasonOf(error: unknown): RefusalReason {
  if (error instanceof KeysUnavailableError) return 'keys-unavailable';
  if (error instanceof errors.JWKSNoMatchingKey) return 'unknown-key';
  if (error instanceof errors.JWTExpired) return 'expired-jwt';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') return 'wrong-audience';
  return 'invalid-jwt';
}

function callerOf(settings: IssuerSettings, payload: JWTPayload): Caller {
  const { scopes, namespaces, models, grants = [] } = settings;
  const all: readonly GrantSettings[] = scopes === undefined ? [] : [{ scopes, namespaces, models }];
  const own = grants.filter((grant) => holds(grant, payload));
  return new Caller(`${settings.name}:${subjectOf(payload)}`, [...all, ...own]);
}

const plainSubject = /^[\x21-\x7e]{1,128}$/;

/** The subject of a token as a name for the log; one that is none by its hash, so that two stay two. */
function subjectOf({ sub }: JWTPayload): string {
  const subject = typeof sub === 'string' ? sub : '';
  if (subject === '' || plainSubject.test(subject)) return subject;
  return `sha256-${createHash('sha256').update(subject).digest('hex').slice(0, 16)}`;
}

type Condition = NonNullable<IssuerSettings['grants']>[number];

function holds({ claim, equals, contains }: Condition, payload: JWTPayload): boolean {
  const value = valueAt(payload, typeof claim === 'string' ? [claim] : claim);
  if (equals !== undefined) return value === equals;
  if (contains === undefined) return false;
  if (typeof value === 'string') return value.split(' ').includes(contains);
  return Array.isArray(value) && value.includes(contains);
}

function valueAt(payload: JWTPayload, keys: readonly string[]): unknown {
  let value: unknown = payload;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
