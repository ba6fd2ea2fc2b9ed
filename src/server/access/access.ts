import type { IncomingMessage } from 'node:http';
import { bearerToken } from './bearer-token.js';
import { anonymous, type Caller } from './caller.js';
import type { JwtIssuers } from './jwt-issuers.js';
import type { Identity } from './refusal.js';
import type { TokenTable } from './token-table.js';

/** How callers are told apart. */
export interface AccessParts {
  /** Whether callers without credentials are let in. */
  readonly admitsAnonymous: boolean;
  /** Whether there are any credentials to be told apart; without them the header is not looked at. */
  readonly hasCredentials: boolean;
  readonly tokens: TokenTable;
  readonly issuers: JwtIssuers;
}

const nobody: Identity<Caller> = { kind: 'caller', caller: anonymous };

/** Says who sends a request. Made from one config; a reload makes a new one. */
export class Access {
  readonly #parts: AccessParts;

  constructor(parts: AccessParts) {
    this.#parts = parts;
  }

  /** Who sends a request, from its Authorization header alone. At once but for signed tokens. Never fails. */
  identify(request: Pick<IncomingMessage, 'rawHeaders'>): Identity<Caller> | Promise<Identity<Caller>> {
    const { admitsAnonymous, hasCredentials, tokens, issuers } = this.#parts;
    if (admitsAnonymous && !hasCredentials) return nobody;
    const presented = bearerToken(request.rawHeaders);
    if (presented.kind === 'nothing') {
      return admitsAnonymous ? nobody : { kind: 'refused', reason: 'missing-credentials' };
    }
    // What is no token is looked for as well, so that it takes as long.
    const caller = tokens.find(presented.kind === 'token' ? presented.token : '');
    if (presented.kind === 'malformed') return { kind: 'refused', reason: 'malformed-credentials' };
    if (caller !== undefined) return { kind: 'caller', caller };
    return issuers.identify(presented.token);
  }
}
