import { z } from 'zod';

/** Signs of a part of a URL that may hold a secret: such a text is never repeated in a message. */
const mayHoldSecret = /[@?#]/;

/**
 * An http or https address. What may hold a secret passes here, since the message of a field shows its value: `urlProblem`
 * finds it, for whoever checks what the field is in.
 */
export const httpUrl = z.string().refine((text) => mayHoldSecret.test(text) || isHttp(text), {
  error: 'an address such as "http://prometheus:9090" or "https://mimir.example.com/prometheus"',
});

/** What was expected of an address that has a user, a password, a query or a fragment, or that may have. */
export function urlProblem(text: string): string | undefined {
  if (!mayHoldSecret.test(text)) return undefined;
  if (!isHttp(text)) return 'an address that begins with http:// or https://, and no secret,';
  const { username, password, search, hash } = new URL(text);
  return username === '' && password === '' && search === '' && hash === ''
    ? undefined
    : 'no user, password, query or fragment (what is secret belongs into files: basicAuth, bearerTokenFile, oauth2, headers)';
}

function isHttp(text: string): boolean {
  return URL.canParse(text) && /^https?:\/\//i.test(text);
}
