import { illness, refusal, type Failure } from '../failure.js';
import type { AnswerHead } from '../exchange/body-reader.js';
import type { ServerAccess } from '../server-settings.js';
import type { ServerTimes } from '../server-times.js';
import { errorWords, type Envelope } from './envelope.js';
import { retryAfterMs } from './retry-after.js';

/** What a failure by its status is described with. */
export interface StatusContext {
  readonly access: ServerAccess['kind'];
  /** Where was asked; it has no secrets. */
  readonly url: URL;
  readonly secrets: readonly string[];
  readonly times: Pick<ServerTimes, 'retryMs' | 'longestRetryMs'>;
}

/** The settings to look at when credentials are refused. */
const accessSettings: Readonly<Record<ServerAccess['kind'], string>> = {
  none: 'none are set: set basicAuth, bearerTokenFile, oauth2 or a client certificate in tls',
  basic: 'check basicAuth.username and basicAuth.passwordFile',
  bearer: 'check bearerTokenFile',
  oauth2: 'check the client of oauth2 and its scopes',
};

/** Failures of a proxy or a server that is starting, which may be over in a moment. */
const passing: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Why an answer is not 200, and whether to ask again.
 *
 * @param said what the server wrote, if it is JSON of the query API; nothing else is repeated
 */
export function statusFailure(head: AnswerHead, said: Envelope | undefined, context: StatusContext): Failure {
  const { status } = head;
  const words = said === undefined ? '' : errorWords(said, context.secrets);
  if (status >= 300 && status < 400) {
    return refusal(
      'rejected',
      `redirects to another address (${status}), which is not followed: set url to where it really is`,
    );
  }
  switch (status) {
    case 401:
      return {
        ...refusal('denied', `refuses the credentials (401): ${accessSettings[context.access]}`),
        again: { kind: 'renewed' },
      };
    case 403:
      return refusal(
        'denied',
        `does not allow the query (403): check what these credentials, and the tenant in headers, are allowed to read`,
      );
    case 404:
      return refusal(
        'rejected',
        `has no query API at ${context.url.pathname} (404): check the path in url (Mimir: /prometheus, a VictoriaMetrics cluster: /select/0/prometheus)`,
      );
    case 429:
      return {
        ...illness('failed', `takes no more queries now (429)${words}`),
        ...again(head, context, undefined),
      };
    case 413:
    case 422:
      return refusal('rejected', `cannot answer the query (${status})${words}`);
  }
  if (status >= 400 && status < 500) {
    const hint =
      words === ''
        ? `: check url, its path and whether it has to begin with ${context.url.protocol === 'https:' ? 'http' : 'https'}`
        : words;
    return refusal('rejected', `refuses the query (${status})${hint}`);
  }
  if (status < 500)
    return illness('failed', `answers with the status ${status}, which the query API never does`);
  return {
    ...illness('failed', `fails (${status})${words}`),
    // Where the API itself says so its query took too long: once more would take as long.
    ...(passing.has(status) && said === undefined ? again(head, context, context.times.retryMs) : {}),
  };
}

/** When to ask once more: as the server says, if that is soon. */
function again(
  { headers }: AnswerHead,
  { times }: StatusContext,
  otherwiseMs: number | undefined,
): Pick<Failure, 'again'> {
  const afterMs = retryAfterMs(headers['retry-after'], Date.now()) ?? otherwiseMs;
  return afterMs === undefined || afterMs > times.longestRetryMs ? {} : { again: { kind: 'later', afterMs } };
}
