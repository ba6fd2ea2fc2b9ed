/** The headers by which a server knows who asks. */
export interface HeaderSet {
  readonly kind: 'headers';
  readonly headers: Readonly<Record<string, string>>;
  /** What of them, and of what they were made from, nobody may be told. */
  readonly secrets: readonly string[];
}

/** Whether two sets say the same. */
export function isSameAccess(one: HeaderSet, other: HeaderSet): boolean {
  return JSON.stringify(one.headers) === JSON.stringify(other.headers);
}

/** HTTP’s own way to show a token (RFC 6750). */
export function bearerHeader(token: string): HeaderSet {
  return { kind: 'headers', headers: { authorization: `Bearer ${token}` }, secrets: [token] };
}

/** HTTP’s own way to show a name and a password (RFC 7617). */
export function basicHeader(username: string, password: string): HeaderSet {
  const encoded = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  return { kind: 'headers', headers: { authorization: `Basic ${encoded}` }, secrets: [password, encoded] };
}
