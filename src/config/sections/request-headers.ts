import { z } from 'zod';
import type { HeaderSetting } from '../../sources/prometheus/server/server-settings.js';

const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

/**
 * Headers that requests to a server have in addition. Their names and texts are checked by `headerProblem`.
 * @param request what such a request is called: `query`
 * @param example one header
 */
export function headersSetting(request: string, example: string) {
  return z
    .record(
      z.string(),
      z
        .union([z.string(), z.number().transform(String), z.strictObject({ file: z.string().min(1) })], {
          error: 'a text, or {file: …} for what is secret',
        })
        .describe(`Sent with every ${request}, such as \`${example}\`. A secret is \`{file: …}\`.`),
    )
    .prefault({})
    .describe(`Headers that every ${request} has in addition.`);
}

/** Headers whose value is a secret, by their names. */
const secretName = /auth|token|secret|passw|api-?key|cookie|credential|signature/i;

/** Headers that the client makes itself, or that would break the connection. */
const ownNames: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);

/** What was expected of headers that cannot be sent or would tell a secret. Never repeats a value. */
export function headerProblem(
  headers: Readonly<Record<string, HeaderSetting>>,
  hasAccess: boolean,
): string | undefined {
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    if (!headerName.test(name)) return 'names of headers of letters, digits and hyphens';
    const lower = name.toLowerCase();
    if (seen.has(lower)) return `each header once (${name})`;
    seen.add(lower);
    if (ownNames.has(lower)) return `no ${name}, which the service sets itself`;
    if (hasAccess && lower === 'authorization') {
      return `no ${name} beside basicAuth, bearerTokenFile or oauth2`;
    }
    if (typeof value !== 'string') continue;
    if (secretName.test(name)) return `a file for ${name}, whose value is secret: {file: …}`;
    if (!/^[\x20-\x7e]+$/.test(value)) return `printable ASCII characters in ${name}`;
  }
  return undefined;
}
