import type { Sample } from './gathered-samples.js';
import type { SeriesIdentity } from './sampled-series.js';

/** Where a counter stood when it was last looked at. */
export interface SeriesTrack {
  readonly identity: SeriesIdentity;
  readonly last: Sample;
  /** The collector whose samples are counted, where several have the series. */
  readonly replica: string;
}

/** Where all counters of a model stood. */
export class SeriesTracks {
  readonly #tracks: Map<string, SeriesTrack>;

  constructor(tracks: Iterable<readonly [string, SeriesTrack]> = []) {
    this.#tracks = new Map(tracks);
  }

  copy(): SeriesTracks {
    return new SeriesTracks(this.#tracks);
  }

  get size(): number {
    return this.#tracks.size;
  }

  get(key: string): SeriesTrack | undefined {
    return this.#tracks.get(key);
  }

  set(track: SeriesTrack): void {
    this.#tracks.set(track.identity.key, track);
  }

  /** The counters that were seen since an instant. */
  *identities(sinceMs: number): Generator<SeriesIdentity> {
    for (const { identity, last } of this.#tracks.values()) if (last.timeMs >= sinceMs) yield identity;
  }

  all(): Iterable<SeriesTrack> {
    return this.#tracks.values();
  }

  /** Forgets counters that have not been seen since. */
  forgetBefore(ms: number): void {
    for (const [key, { last }] of this.#tracks) if (last.timeMs < ms) this.#tracks.delete(key);
  }
}
