/** Longer headers are not looked at. */
const longestHeader = 8 * 1024;

/** What RFC 6750 lets a bearer token consist of. */
const bearer = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;
const tokenText = /^[A-Za-z0-9._~+/-]+=*$/;

/** What the Authorization header of a request holds. */
export type Presented =
  | { readonly kind: 'nothing' }
  /** Something, but not exactly one bearer token. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'token'; readonly token: string };

/** Reads the bearer token of a request from its headers as they came: names and values in turn. */
export function bearerToken(rawHeaders: readonly string[]): Presented {
  let header: string | undefined;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() !== 'authorization') continue;
    // Which of two would count is nothing to be guessed.
    if (header !== undefined) return { kind: 'malformed' };
    header = rawHeaders[at + 1] ?? '';
  }
  if (header === undefined) return { kind: 'nothing' };
  const token = header.length > longestHeader ? undefined : bearer.exec(header)?.[1];
  return token === undefined ? { kind: 'malformed' } : { kind: 'token', token };
}

/** Whether a text can be sent as a bearer token. */
export function isBearerToken(text: string): boolean {
  return text.length <= longestHeader - 'Bearer '.length && tokenText.test(text);
}
