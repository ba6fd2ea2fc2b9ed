import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';

/** Says that the keys of an issuer cannot be had now, so that nothing can be said of a token. */
export class KeysUnavailableError extends Error {
  constructor(cause: unknown) {
    super('the keys of the issuer cannot be had', { cause });
    this.name = 'KeysUnavailableError';
  }
}

/** Says that the keys were asked for a moment ago and are not asked for again yet. */
class PausedError extends Error {}

/** How keys are fetched. Times in milliseconds. */
export interface KeySetTimes {
  /** How long an answer may take. */
  readonly timeoutMs: number;
  /** Keys older than this are fetched anew, beside the requests; until that works those that are known go on. */
  readonly maxAgeMs: number;
  /** Keys are not fetched sooner after a fetch that worked, whatever tokens name. */
  readonly pauseMs: number;
  /** The same after one that failed. */
  readonly pauseAfterFailureMs: number;
}

export const defaultKeySetTimes: KeySetTimes = {
  timeoutMs: 3000,
  maxAgeMs: 600_000,
  pauseMs: 30_000,
  pauseAfterFailureMs: 5000,
};

/** A key set is a few kilobytes; more than this is none. */
const largestAnswerBytes = 1024 * 1024;

/**
 * The public keys of an issuer, fetched when a token first needs them. However many tokens come, of whatever kind, there is
 * at most one fetch at a time and one in a pause; a key that is known needs none.
 */
export class KeySet {
  readonly #times: KeySetTimes;
  readonly #elapsedMs: () => number;
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;
  #attemptMs = -Infinity;
  #fetchedMs = -Infinity;
  #failing = false;

  /** @param elapsedMs a clock that never goes back: one that is set back would keep withdrawn keys in force for as long */
  constructor(uri: string, elapsedMs: () => number, times: KeySetTimes = defaultKeySetTimes) {
    this.#times = times;
    this.#elapsedMs = elapsedMs;
    this.#keys = createRemoteJWKSet(new URL(uri), {
      timeoutDuration: times.timeoutMs,
      // When to fetch is decided below: the library's own pause holds only after a fetch that worked, and goes by the clock.
      cooldownDuration: Infinity,
      cacheMaxAge: Infinity,
      [customFetch]: (url, options) => this.#fetch(url, options),
    });
  }

  /**
   * The key that a token names.
   * @throws JWKSNoMatchingKey where the issuer has no such key
   * @throws KeysUnavailableError where that cannot be told
   */
  readonly get: JWTVerifyGetKey = async (header, token) => {
    if (this.#fetchedMs > -Infinity && this.#elapsedMs() - this.#fetchedMs > this.#times.maxAgeMs) {
      void this.#keys.reload().catch(() => undefined);
    }
    try {
      return await this.#known(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
        throw error;
      }
      if (error instanceof PausedError && !this.#failing) throw new errors.JWKSNoMatchingKey();
      throw new KeysUnavailableError(error);
    }
  };

  /** The key of a token, after another fetch where it is not among those that are known. */
  readonly #known: JWTVerifyGetKey = async (header, token) => {
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#keys.reload();
      return this.#keys(header, token);
    }
  };

  async #fetch(url: string, options: RequestInit): Promise<Response> {
    const nowMs = this.#elapsedMs();
    const pauseMs = this.#failing ? this.#times.pauseAfterFailureMs : this.#times.pauseMs;
    if (nowMs - this.#attemptMs < pauseMs) throw new PausedError('asked a moment ago');
    this.#attemptMs = nowMs;
    this.#failing = true;
    const text = await readKeys(await fetch(url, options));
    this.#failing = false;
    this.#fetchedMs = nowMs;
    return new Response(text);
  }
}

/** The body of an answer if it is a key set. */
async function readKeys(response: Response): Promise<string> {
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`got status ${response.status} in place of the keys`);
  }
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(piece as Uint8Array);
    bytes += (piece as Uint8Array).byteLength;
    if (bytes > largestAnswerBytes) throw new Error('got more than a key set can be');
  }
  const text = Buffer.concat(pieces).toString('utf8');
  if (!isKeySet(JSON.parse(text) as unknown)) throw new Error('got JSON that is no key set');
  return text;
}

/** Whether a value is a JSON Web Key Set, as far as its form goes. */
export function isKeySet(
  value: unknown,
): value is { readonly keys: readonly Readonly<Record<string, unknown>>[] } {
  if (typeof value !== 'object' || value === null || !('keys' in value) || !Array.isArray(value.keys))
    return false;
  return value.keys.every((key: unknown) => typeof key === 'object' && key !== null && !Array.isArray(key));
}
