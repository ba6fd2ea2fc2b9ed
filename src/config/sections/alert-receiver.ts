import { z } from 'zod';
import { secondsField } from '../../domain/fields.js';
import { severities } from '../../progressive/alerts/index.js';
import { urlProblem } from './http-url.js';
import { headerProblem, headersSetting } from './request-headers.js';
import { basicAuthSetting, tlsSetting } from './server-access.js';

const file = z.string().min(1);

/** A span of time in seconds, within a range. */
function span(min: number, max: number, expected: string) {
  return secondsField().refine((seconds) => seconds >= min && seconds <= max, { error: expected });
}

const daySeconds = 86_400;

/** One receiver as a file has it; which fields go together is checked by `receiverProblems`. */
export const receiverFields = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
      error: 'a name of 1 to 63 letters, digits, dots, hyphens and underscores',
    })
    .describe('Names the receiver in logs and metrics.'),
  kind: z
    .enum(['webhook', 'slack', 'alertmanager'])
    .describe(
      '`webhook` posts the alert as JSON, signed; `slack` posts to an incoming webhook of Slack; `alertmanager` to the v2 API of an Alertmanager, of several each by an entry of its own.',
    ),
  url: z
    .string()
    .optional()
    .describe(
      'The address; of an Alertmanager with what stands before `/api/v2`. That of Slack is a secret: it is shown nowhere, and better kept in `urlFile`.',
    ),
  urlFile: file.optional().describe('A file that holds the address, in place of `url`.'),
  minimumSeverity: z
    .enum(severities)
    .optional()
    .describe('What is less urgent is not sent. Absent: `info` for a webhook, `warning` for the others.'),
  timeout: span(0.1, 30, 'a duration from 100ms to 30s')
    .optional()
    .describe('How long one delivery may take. Absent: 10s.'),
  secretFiles: z
    .array(file)
    .min(1)
    .max(2)
    .optional()
    .describe(
      'Of a webhook: files with one secret each, that sign what is sent. Two while one replaces the other. Absent: not signed.',
    ),
  headers: headersSetting('delivery', 'X-Team: payments'),
  basicAuth: basicAuthSetting,
  bearerTokenFile: file.optional().describe('Access with a token: a file that holds it.'),
  tls: tlsSetting,
  eventFiresFor: span(60, 30 * daySeconds, 'a duration from 1m to 30d')
    .optional()
    .describe(
      'Of an Alertmanager: how long an alert fires about what has happened, such as a rollback. Absent: 1h.',
    ),
  conditionFiresFor: span(60, 365 * daySeconds, 'a duration from 1m to 365d')
    .optional()
    .describe(
      'Of an Alertmanager: how long an alert fires at most about what lasts, such as a pause; it ends as soon as the rollout goes on. Absent: 24h.',
    ),
  labels: z
    .record(
      z.string(),
      z
        .string()
        .min(1)
        .describe('Of an Alertmanager: a label that every alert has in addition, such as `team: payments`.'),
    )
    .optional()
    .describe('Of an Alertmanager: labels that every alert has in addition.'),
});

export type WrittenReceiver = z.output<typeof receiverFields>;

interface Problem {
  /** Of the part that is wrong, or of what it is in where its value may hold a secret and must not be shown. */
  readonly path: readonly string[];
  /** What was expected. */
  readonly message: string;
}

/** The fields that one kind alone has. */
const ownFields = {
  secretFiles: 'webhook',
  eventFiresFor: 'alertmanager',
  conditionFiresFor: 'alertmanager',
  labels: 'alertmanager',
} as const satisfies Partial<Record<keyof WrittenReceiver, WrittenReceiver['kind']>>;

/** The labels that every alert has by itself. */
const takenLabels: readonly string[] = ['alertname', 'severity', 'namespace', 'rollout', 'model', 'target'];

/** What is wrong with a receiver whose parts are right by themselves. */
export function* receiverProblems(entry: WrittenReceiver): Generator<Problem> {
  const { kind, url, urlFile, headers, basicAuth, bearerTokenFile, tls, labels = {} } = entry;
  if ((url === undefined) === (urlFile === undefined)) {
    yield { path: [], message: 'exactly one of url and urlFile' };
  }
  const atUrl = url === undefined ? undefined : addressProblem(kind, url);
  if (atUrl !== undefined) yield { path: [], message: atUrl };
  for (const [field, owner] of Object.entries(ownFields)) {
    const isWritten = entry[field as keyof typeof ownFields] !== undefined;
    if (isWritten && kind !== owner) yield { path: [], message: `no ${field}, which is for kind ${owner}` };
  }
  if (basicAuth !== undefined && bearerTokenFile !== undefined) {
    yield { path: [], message: 'at most one of basicAuth and bearerTokenFile' };
  }
  const hasAccess = basicAuth !== undefined || bearerTokenFile !== undefined;
  const atHeaders = headerProblem(headers, hasAccess);
  if (atHeaders !== undefined) yield { path: ['headers'], message: atHeaders };
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
    yield { path: ['tls'], message: 'certFile and keyFile together' };
  }
  if (url !== undefined && !/^https:/i.test(url) && Object.keys(tls).length > 0) {
    yield { path: ['tls'], message: 'nothing beside an http url: write https' };
  }
  for (const name of Object.keys(labels)) {
    if (!/^[a-zA-Z_]\w*$/.test(name)) yield { path: ['labels'], message: 'names of letters, digits and _' };
    if (takenLabels.includes(name)) yield { path: ['labels'], message: `no ${name}, which every alert has` };
  }
}

/** What was expected of an address. Never repeats it: of Slack the whole of it is a secret, of others a part may be. */
function addressProblem(kind: WrittenReceiver['kind'], url: string): string | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return 'an http or https address in url';
  if (kind === 'slack' || urlProblem(url) === undefined) return undefined;
  return 'no user, password, query or fragment in url (an address that holds a secret belongs into a file: urlFile)';
}
