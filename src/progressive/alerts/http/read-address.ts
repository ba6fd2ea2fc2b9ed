import { readSecret, type KeptFile } from '../../../sources/prometheus/server/access/kept-file.js';
import type { Failure } from '../../../sources/prometheus/server/failure.js';

/** The address that a file holds. */
export async function readAddress(
  file: KeptFile,
): Promise<{ readonly kind: 'address'; readonly url: string } | Failure> {
  const secret = await readSecret(file, true);
  if (secret.kind === 'failure') return secret;
  const url = secret.text.trim();
  const isAddress = /^https?:\/\//i.test(url) && URL.canParse(url);
  return isAddress ? { kind: 'address', url } : file.refuse('holds no http or https address');
}
