import type { Connections } from '../exchange/connections.js';
import { Deadline } from '../exchange/deadline.js';
import { describeEnd } from '../exchange/network-reason.js';
import { send } from '../exchange/send.js';
import type { Failure } from '../failure.js';
import type { OAuth2Access } from '../server-settings.js';
import type { ServerTimes } from '../server-times.js';
import { basicHeader } from './header-set.js';
import { readSecret, type KeptFile } from './kept-file.js';
import { TokenReader } from './token-reader.js';

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
