import { z } from 'zod';
import type { AnswerHead, BodyReader } from '../exchange/body-reader.js';
import { illness, refusal, type Failure } from '../failure.js';

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

/** What an issuer answers. */
export interface TokenAnswer {
  readonly kind: 'answer';
  readonly token: string;
  /** Absent where the issuer tells none. */
  readonly lifeMs?: number;
}

/** Reads the answer of an issuer of tokens (RFC 6749, section 5). Nothing of it but a token and known words is repeated. */
export class TokenReader implements BodyReader<TokenAnswer | Failure> {
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
