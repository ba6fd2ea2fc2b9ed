import { z } from 'zod';
import type { ServerAccess, ServerSettings } from '../../sources/prometheus/server/server-settings.js';
import { durationSetting, sizeSetting, wholeSetting } from '../settings.js';
import { httpUrl, urlProblem } from './http-url.js';
import { headerProblem, headersSetting } from './request-headers.js';
import { basicAuthSetting, tlsSetting } from './server-access.js';

const file = z.string().min(1);

const oauth2 = z
  .strictObject({
    tokenUrl: httpUrl.describe('Where tokens are issued.'),
    clientId: z.string().min(1).describe('The name of the service there.'),
    clientSecretFile: file.describe('A file that holds its secret.'),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, { error: 'a scope without spaces' }))
      .prefault([])
      .describe('What the token shall be good for, as the issuer calls it.'),
  })
  .optional()
  .describe('Access with a token that the service gets by the client credentials of OAuth2.');

const serverFields = z.strictObject({
  url: httpUrl.describe(
    'Where its API begins, with what stands before `/api/v1`: `http://prometheus:9090`, `http://mimir/prometheus`, `http://vmselect:8481/select/0/prometheus`. Secrets do not belong into it.',
  ),
  timeout: durationSetting(
    '7s',
    'How long an answer may take, a second attempt included. Shorter than `server.verdictDeadline`, so that a verdict can say which server was slow.',
    { min: 0.05, max: 300 },
  ),
  scrapeInterval: durationSetting('30s', 'How often it scrapes its targets, for models that do not say it.', {
    min: 1,
    max: 3600,
  }),
  concurrency: wholeSetting(
    10,
    'So many queries are sent to it at a time. Further ones wait, of those twenty times as many.',
    { min: 1, max: 1000 },
  ),
  maxSeries: wholeSetting(
    20_000,
    'The most series that one answer may have; with more there is no verdict.',
    {
      min: 1,
      max: 10_000_000,
    },
  ),
  maxResponse: sizeSetting(
    '64MiB',
    'The largest answer; of a larger one the rest is not read, and there is no verdict.',
  ),
  headers: headersSetting('query', 'X-Scope-OrgID: team-a'),
  basicAuth: basicAuthSetting,
  bearerTokenFile: file.optional().describe('Access with a token: a file that holds it.'),
  oauth2,
  tls: tlsSetting,
});

type Written = z.output<typeof serverFields>;

const serverEntry = serverFields
  .superRefine((entry, context) => {
    for (const { path, message } of entryProblems(entry)) {
      context.addIssue({ code: 'custom', path: [...path], message, input: entry });
    }
  })
  .transform(({ timeout, scrapeInterval, maxResponse, basicAuth: basic, bearerTokenFile, ...entry }) => ({
    url: entry.url,
    timeoutMs: timeout,
    scrapeIntervalMs: scrapeInterval,
    concurrency: entry.concurrency,
    maxSeries: entry.maxSeries,
    maxResponseBytes: maxResponse,
    headers: entry.headers,
    access: accessOf({ basicAuth: basic, bearerTokenFile, oauth2: entry.oauth2 }),
    tls: {
      ...(entry.tls.caFile === undefined ? {} : { caFile: entry.tls.caFile }),
      ...(entry.tls.certFile === undefined ? {} : { certFile: entry.tls.certFile }),
      ...(entry.tls.keyFile === undefined ? {} : { keyFile: entry.tls.keyFile }),
      ...(entry.tls.serverName === undefined ? {} : { serverName: entry.tls.serverName }),
    },
  }));

const serverName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Servers with the Prometheus query API, by name. */
export const prometheusSection = z
  .strictObject({
    servers: z
      .record(z.string(), serverEntry)
      .superRefine((servers, context) => {
        for (const name of Object.keys(servers)) {
          if (serverName.test(name)) continue;
          const message = 'a name of 1 to 63 letters, digits, dots, hyphens and underscores';
          context.addIssue({ code: 'custom', path: [name], message, input: name });
        }
      })
      .prefault({})
      .describe('The servers, by the names that models call them.'),
  })
  .prefault({})
  .transform(({ servers }) => ({
    servers: new Map<string, ServerSettings>(
      Object.entries(servers).map(([name, entry]) => [name, { name, ...entry }]),
    ),
  }))
  .describe(
    'Servers with the Prometheus query API from which verdicts are made: Prometheus, Thanos, Mimir, VictoriaMetrics. Secrets are in files only, which are read again as they change. How a model is read from a server is in `models`.',
  );

function accessOf(written: Pick<Written, 'basicAuth' | 'bearerTokenFile' | 'oauth2'>): ServerAccess {
  if (written.basicAuth !== undefined) return { kind: 'basic', ...written.basicAuth };
  if (written.bearerTokenFile !== undefined) return { kind: 'bearer', tokenFile: written.bearerTokenFile };
  if (written.oauth2 !== undefined) return { kind: 'oauth2', ...written.oauth2 };
  return { kind: 'none' };
}

interface Problem {
  /** Of the part that is wrong, or of what it is in where its value may hold a secret and must not be shown. */
  readonly path: readonly string[];
  /** What was expected. */
  readonly message: string;
}

/** What is wrong with an entry whose parts are right by themselves. */
function* entryProblems(entry: Written): Generator<Problem> {
  const { url, headers, basicAuth: basic, bearerTokenFile, oauth2: issuer, tls: secure } = entry;
  const atUrl = urlProblem(url);
  if (atUrl !== undefined) yield { path: [], message: `${atUrl} in url` };
  const atIssuer = issuer === undefined ? undefined : urlProblem(issuer.tokenUrl);
  if (atIssuer !== undefined) yield { path: ['oauth2'], message: `${atIssuer} in tokenUrl` };
  const ways = [basic, bearerTokenFile, issuer].filter((way) => way !== undefined).length;
  if (ways > 1) yield { path: [], message: 'at most one of basicAuth, bearerTokenFile and oauth2' };
  const atHeaders = headerProblem(headers, ways > 0);
  if (atHeaders !== undefined) yield { path: ['headers'], message: atHeaders };
  if ((secure.certFile === undefined) !== (secure.keyFile === undefined)) {
    yield { path: ['tls'], message: 'certFile and keyFile together' };
  }
  const isSecure = [url, issuer?.tokenUrl].some((one) => one?.startsWith('https:') === true);
  if (!isSecure && Object.keys(secure).length > 0) {
    yield { path: ['tls'], message: 'nothing beside an http url: write https' };
  }
}
