import { z } from 'zod';
import type { AnswerHead, BodyReader } from '../exchange/body-reader.js';
import type { Connections } from '../exchange/connections.js';
import { Deadline } from '../exchange/deadline.js';
import { describeEnd } from '../exchange/network-reason.js';
import { send } from '../exchange/send.js';
import { illness, refusal, type Failure } from '../failure.js';
import type { OAuth2Access } from '../server-settings.js';
import type { ServerTimes } from '../server-times.js';
import { basicHeader } from './credentials.js';
import { readSecret, type KeptFile } from './kept-file.js';

/** What a token is asked for with. */
export interface TokenParts {
  readonly access: OAuth2Access;
  readonly secretFile: KeptFile;
  readonly connections: Connections;
  readonly timeoutMs: number;
  readonly times: ServerTimes;
}

/** A token that may be sent. */
export interface BearerToken {
  readonly kind: 'token';
  readonly text: string;
}

interface IssuedToken extends BearerToken {
  /** Until when it is sent, by the clock that never goes back. */
  readonly untilMs: number;
}

/** More than this is no answer of an issuer. */
const longestBytes = 64 * 1024;

const issued = z.looseObject({
  access_token: z.string().regex(/^[\x21-\x7e]{1,16000}$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).optional(),
});

/** What an issuer may say is wrong (RFC 6749, section 5.2); other words of it are not repeated. */
const issuerErrors = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
] as const;
const issuerError = z.looseObject({ error: z.enum(issuerErrors) });

/**
 * Gets tokens by the client credentials of OAuth2 and keeps each until shortly before it expires. However many need one,
 * there is one request at a time.
 */
export class TokenClient {
  readonly #parts: TokenParts;
  #token: IssuedToken | undefined;
  #underWay: Promise<IssuedToken | Failure> | undefined;
  /** A failure is not repeated at once, for the issuer's sake. */
  #failure: { readonly failure: Failure; readonly untilMs: number } | undefined;
  #renewedMs = -Infinity;

  constructor(parts: TokenParts) {
    this.#parts = parts;
  }

  /**
   * A token that has not expired.
   *
   * @param refused the `Authorization` header that a server did not take: its token is replaced, though not time and again
   */
  async token(deadline: Deadline, refused: string | undefined): Promise<BearerToken | Failure> {
    const nowMs = performance.now();
    const isRefused = refused !== undefined && refused === `Bearer ${this.#token?.text ?? ''}`;
    if (isRefused && nowMs - this.#renewedMs >= this.#parts.times.tokenPauseMs) {
      this.#renewedMs = nowMs;
      this.#token = undefined;
    }
    if (this.#token !== undefined && nowMs < this.#token.untilMs) return this.#token;
    if (this.#failure !== undefined && nowMs < this.#failure.untilMs) return this.#failure.failure;
    this.#underWay ??= this.#fetch(refused !== undefined).finally(() => {
      this.#underWay = undefined;
    });
    return (await deadline.within(this.#underWay)) ?? describeEnd(deadline, performance.now() - nowMs, 0);
  }

  async #fetch(anew: boolean): Promise<IssuedToken | Failure> {
    const { timeoutMs, times } = this.#parts;
    // Not the deadline of whoever came first: others wait too.
    const deadline = new Deadline(new AbortController().signal, timeoutMs);
    try {
      const answer = await this.#ask(deadline, anew);
      if (answer.kind === 'failure') {
        this.#failure = { failure: answer, untilMs: performance.now() + times.tokenPauseMs };
      } else {
        this.#token = answer;
        this.#failure = undefined;
      }
      return answer;
    } finally {
      deadline.dispose();
    }
  }

  async #ask(deadline: Deadline, anew: boolean): Promise<IssuedToken | Failure> {
    const { access, secretFile, connections, times } = this.#parts;
    const secret = await readSecret(secretFile, anew);
    if (secret.kind === 'failure') return secret;
    const url = new URL(access.tokenUrl);
    const lease = await connections.lease(url.protocol);
    if (lease.kind === 'failure') return lease;
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (access.scopes.length > 0) form.set('scope', access.scopes.join(' '));
    // Name and password are encoded as in a form, and then as HTTP has them (RFC 6749, section 2.3.1).
    const { headers } = basicHeader(formEncoded(access.clientId), formEncoded(secret.text));
    const startMs = performance.now();
    try {
      const { result } = await send(
        { method: 'POST', url, headers, body: form.toString() },
        lease,
        deadline,
        (head) => new TokenReader(head),
      );
      if (result.kind === 'failure') return ofIssuer(result);
      return { kind: 'token', text: result.token, untilMs: startMs + usableMs(result.lifeMs, times) };
    } finally {
      lease.release();
    }
  }
}

function usableMs(lifeMs: number | undefined, { tokenEarlyMs, tokenLifeMs }: ServerTimes): number {
  const life = lifeMs ?? tokenLifeMs;
  return Math.max(life - tokenEarlyMs, life * 0.9);
}

function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length);
}

/** A failure of the issuer, told as one of the server that cannot be asked without it. */
function ofIssuer(failure: Failure): Failure {
  const { kind, outcome, isIll, reason } = failure;
  return { kind, outcome, isIll, reason: `cannot be asked: the issuer at oauth2.tokenUrl ${reason}` };
}

interface TokenAnswer {
  readonly kind: 'answer';
  readonly token: string;
  readonly lifeMs?: number;
}

class TokenReader implements BodyReader<TokenAnswer | Failure> {
  readonly #status: number;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor({ status }: AnswerHead) {
    this.#status = status;
  }

  push(chunk: Buffer): Failure | undefined {
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
    return this.#bytes > longestBytes ? illness('failed', 'answers more than a token can be') : undefined;
  }

  end(): TokenAnswer | Failure {
    const value = parseJson(Buffer.concat(this.#chunks).toString('utf8'));
    if (this.#status !== 200) return refusalOf(this.#status, value);
    const answer = issued.safeParse(value);
    if (!answer.success) return illness('failed', 'answers something else than a bearer token');
    const { access_token: token, expires_in: seconds } = answer.data;
    return { kind: 'answer', token, ...(seconds === undefined ? {} : { lifeMs: seconds * 1000 }) };
  }
}

function refusalOf(status: number, value: unknown): Failure {
  const said = issuerError.safeParse(value);
  const words = said.success ? ` ${said.data.error}` : '';
  if (status >= 500 || status === 429) return illness('failed', `fails (${status}${words})`);
  return refusal(
    'denied',
    `refuses the client (${status}${words}): check oauth2.clientId, clientSecretFile, scopes and tokenUrl`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
