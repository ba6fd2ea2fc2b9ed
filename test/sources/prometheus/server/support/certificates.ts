import { generate } from 'selfsigned';

/** A certificate and its key, PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

interface Wanted {
  readonly signedBy?: Identity;
  readonly dns?: string;
  readonly ip?: string;
  readonly isExpired?: boolean;
}

/** An authority that signs certificates. */
export async function authority(name: string): Promise<Identity> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** A certificate for a host, of an authority. */
export async function identity({ signedBy, dns, ip, isExpired = false }: Wanted): Promise<Identity> {
  const dayMs = 86_400_000;
  const made = await generate([{ name: 'commonName', value: dns ?? ip ?? 'ml-verdict' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(signedBy === undefined ? {} : { ca: signedBy }),
    ...(isExpired
      ? { notBeforeDate: new Date(Date.now() - 3 * dayMs), notAfterDate: new Date(Date.now() - dayMs) }
      : {}),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...(dns === undefined ? [] : [{ type: 2 as const, value: dns }]),
          ...(ip === undefined ? [] : [{ type: 7 as const, ip }]),
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}
