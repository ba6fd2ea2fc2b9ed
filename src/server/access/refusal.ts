/** Why somebody is not let in: the closed list of the metric and the log. */
export const refusalReasons = [
  'missing-credentials',
  'malformed-credentials',
  'unknown-token',
  'unknown-issuer',
  'unknown-key',
  'invalid-jwt',
  'expired-jwt',
  'wrong-audience',
  'keys-unavailable',
  'missing-scope',
  'other-model',
] as const;

export type RefusalReason = (typeof refusalReasons)[number];

/** Who sends a request, or why that cannot be said. */
export type Identity<C> =
  | { readonly kind: 'caller'; readonly caller: C }
  | { readonly kind: 'refused'; readonly reason: RefusalReason };
