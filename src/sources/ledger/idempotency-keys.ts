import { createHash } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Tables } from './tables.js';

/** A request that may be repeated: its key, and what it has to be equal to. */
export interface IdempotentRequest {
  /** The key, with whatever it is to be unique within. */
  readonly key: string;
  /** A hash of the whole body. */
  readonly bodyHash: string;
  /** What the first request is answered, kept for the others. */
  readonly answer: string;
}

/** Whether a key is new, repeats a request, or is used for another body. */
export type KeyClaim =
  | { readonly kind: 'new' }
  | { readonly kind: 'duplicate'; readonly answer: string }
  | { readonly kind: 'key-conflict' };

/**
 * Takes a key for this transaction. Of several requests with one key exactly one finds it new; the others wait for
 * its transaction and then find its answer.
 */
export async function claimKey(
  transaction: Transaction<Tables>,
  request: IdempotentRequest,
  nowMs: number,
  keepMs: number,
): Promise<KeyClaim> {
  const key = createHash('sha256').update(request.key).digest('base64url');
  const row = { body_hash: request.bodyHash, answer: request.answer, expires_ms: nowMs + keepMs };
  const claimed = await transaction
    .insertInto('idempotency_keys')
    .values({ key, ...row })
    // A key that has expired is a new one.
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet(row).where('idempotency_keys.expires_ms', '<=', nowMs),
    )
    .returning('key')
    .executeTakeFirst();
  if (claimed !== undefined) return { kind: 'new' };
  const first = await transaction
    .selectFrom('idempotency_keys')
    .select(['body_hash', 'answer'])
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  return first.body_hash === request.bodyHash
    ? { kind: 'duplicate', answer: first.answer }
    : { kind: 'key-conflict' };
}
