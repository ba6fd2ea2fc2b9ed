import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

/** A key of an issuer, with what it signs. */
export interface Signer {
  readonly publicKey: JWK;
  /** A token with these claims; those that every token needs have standards, `undefined` leaves one out. */
  sign(
    claims?: Readonly<Record<string, unknown>>,
    header?: { readonly alg?: string; readonly kid?: string | undefined },
  ): Promise<string>;
}

export const issuer = 'https://idp.example.com';
export const audience = 'ml-verdict';

/** Makes a key. `nowMs` is the issuer's clock. */
export async function makeSigner(alg: string, kid: string, nowMs: () => number = Date.now): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    publicKey: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    sign: (claims, header) => signWith(privateKey, { alg, kid, ...header }, nowMs(), claims),
  };
}

/** Signs with any key, as an attacker might. */
export function signWith(
  key: CryptoKey | Uint8Array,
  { alg, kid }: { readonly alg: string; readonly kid?: string | undefined },
  nowMs: number,
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const seconds = Math.floor(nowMs / 1000);
  const standard = { iss: issuer, aud: audience, sub: 'argo', iat: seconds, exp: seconds + 300 };
  const all = Object.entries<unknown>({ ...standard, ...claims }).filter(([, value]) => value !== undefined);
  return new SignJWT(Object.fromEntries(all))
    .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) })
    .sign(key);
}
