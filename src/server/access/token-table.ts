import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller } from './caller.js';

/** One token that is in force: its hash, and whose it is. */
export interface KnownToken {
  readonly hash: Uint8Array;
  readonly caller: Caller;
}

/** Whose token something is. Only hashes are held. */
export class TokenTable {
  readonly #known: readonly KnownToken[];

  constructor(known: readonly KnownToken[]) {
    this.#known = known;
  }

  /**
   * Finds a token in a time that tells nothing of those that there are: its hash is compared with each of theirs,
   * whatever it is and whether or not one was found before.
   */
  find(presented: string): Caller | undefined {
    const hash = hashOf(presented);
    let found: Caller | undefined;
    for (const { hash: known, caller } of this.#known) {
      if (timingSafeEqual(hash, known)) found = caller;
    }
    return found;
  }
}

/** What is kept of a token. */
export function hashOf(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
