import type { KeptLooks } from './fetch/kept-looks.js';

/** How many canaries are kept, and how many numbers of all of them: some 100 MB. */
const mostCanaries = 100;
const mostNumbers = 2_000_000;

/** What is known of a series takes as much as so many numbers. */
const numbersPerSeries = 15;

/** What is being fetched for a canary: everybody who needs it waits for the same. */
interface UnderWay {
  readonly to: number;
  readonly kept: Promise<KeptLooks | undefined>;
}

interface StoredCanary {
  kept: KeptLooks | undefined;
  underWay: UnderWay | undefined;
  /** Up to which minute looks were fetched last, and when that was asked. */
  fetched: { readonly to: number; readonly sinceMs: number } | undefined;
  /** How many numbers are kept. */
  size: number;
}

/** The looks of the canaries that were asked for last, so that only what is new is fetched. */
export class CanaryStore {
  readonly #nowMs: () => number;
  readonly #canaries = new Map<string, StoredCanary>();
  readonly #past = new Map<string, Promise<KeptLooks | undefined>>();

  /** @param nowMs a clock that is never set back */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** The looks of a canary, where those that are wanted are kept. */
  kept(key: string, wanted: { readonly from: number; readonly to: number }): KeptLooks | undefined {
    const kept = this.#canaries.get(key)?.kept;
    return kept !== undefined && kept.span.to >= wanted.to && kept.searchedFrom <= wanted.from
      ? kept
      : undefined;
  }

  /**
   * The looks of a canary up to a minute at least. Fetches them where nobody does already; `fetch` is given what is kept.
   * Where it fails, what was kept stays. Where the newest looks had not reached the server, it is asked again after a while only.
   */
  async upTo(
    key: string,
    { toMinute, againAfterMs }: { readonly toMinute: number; readonly againAfterMs: number },
    fetch: (kept: KeptLooks | undefined) => Promise<KeptLooks | undefined>,
  ): Promise<KeptLooks | undefined> {
    const canary = this.#canaries.get(key) ?? {
      kept: undefined,
      underWay: undefined,
      fetched: undefined,
      size: 0,
    };
    // The one that was asked for last is the last one of the map.
    this.#canaries.delete(key);
    this.#canaries.set(key, canary);
    for (;;) {
      const { kept, underWay, fetched } = canary;
      if (kept !== undefined && kept.span.to >= toMinute) return kept;
      const isRecent = fetched !== undefined && this.#nowMs() - fetched.sinceMs < againAfterMs;
      if (kept !== undefined && isRecent && fetched.to >= toMinute) return kept;
      if (underWay === undefined) break;
      const shared = await underWay.kept;
      // It may end earlier than was asked for: no more had reached the server.
      if (underWay.to >= toMinute) return shared;
    }
    const sinceMs = this.#nowMs();
    const underWay: UnderWay = { to: toMinute, kept: fetch(canary.kept) };
    canary.underWay = underWay;
    try {
      canary.kept = await underWay.kept;
      canary.fetched = { to: toMinute, sinceMs };
      return canary.kept;
    } finally {
      canary.underWay = undefined;
      canary.size = sizeOf(canary.kept);
      // What is asked for may be any name: nothing is kept of those that are nowhere.
      if (canary.kept === undefined && this.#canaries.get(key) === canary) this.#canaries.delete(key);
      this.#forgetOldest();
    }
  }

  /** What is asked for the past: once for all who ask the same at the same time, and not kept. */
  async once(key: string, fetch: () => Promise<KeptLooks | undefined>): Promise<KeptLooks | undefined> {
    const other = this.#past.get(key);
    if (other !== undefined) return other;
    const own = fetch();
    this.#past.set(key, own);
    try {
      return await own;
    } finally {
      this.#past.delete(key);
    }
  }

  #forgetOldest(): void {
    let numbers = 0;
    for (const { size } of this.#canaries.values()) numbers += size;
    for (const [key, { size, underWay }] of this.#canaries) {
      if (this.#canaries.size <= mostCanaries && numbers <= mostNumbers) return;
      if (underWay !== undefined) continue;
      this.#canaries.delete(key);
      numbers -= size;
    }
  }
}

function sizeOf(kept: KeptLooks | undefined): number {
  if (kept === undefined) return 0;
  let size = numbersPerSeries * kept.tracks.size;
  for (const { arms } of kept.looks) size += arms.canary.size + arms.stable.size;
  return size;
}
