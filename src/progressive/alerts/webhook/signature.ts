import { createHmac } from 'node:crypto';

/** The header that tells a webhook who sent the body. */
export const signatureHeader = 'ML-Verdict-Signature';

/**
 * The value of the header: the time of sending in seconds, and for each secret the HMAC-SHA256 of `<time>.<body>` in
 * hexadecimal digits. With two secrets there are two, so that one can be replaced without a gap.
 */
export function signature(body: string, secrets: readonly string[], nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  const parts = secrets.map((secret) => {
    const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
    return `v1=${digest}`;
  });
  return [`t=${seconds}`, ...parts].join(',');
}
