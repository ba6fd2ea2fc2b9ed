import { hash } from 'node:crypto';

/** Length of a join key in bytes. */
export const joinKeyBytes = 16;

/**
 * What the ledger keeps of a prediction's id: the first 16 bytes of the SHA-256 of namespace, model and id. The id
 * itself, which may name a person or an order, is never stored.
 */
export function joinKey(namespace: string, model: string, id: string): Uint8Array {
  return hash('sha256', `${namespace}\0${model}\0${id}`, 'buffer').subarray(0, joinKeyBytes);
}

/** A join key as the text that the database holds. */
export function joinKeyText(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('base64url');
}
