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
  /** Made when somebody asks, and again once other counters are kept. */
  #byProcess: ReadonlyMap<string, readonly string[]> | undefined;

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
    const { size } = this.#tracks;
    this.#tracks.set(track.identity.key, track);
    if (this.#tracks.size !== size) this.#byProcess = undefined;
  }

  /** The counters that were seen since an instant. */
  *identities(sinceMs: number): Generator<SeriesIdentity> {
    for (const { identity, last } of this.#tracks.values()) if (last.timeMs >= sinceMs) yield identity;
  }

  /** All counters of a process. */
  *ofProcess(process: string): Generator<SeriesTrack> {
    this.#byProcess ??= keysByProcess(this.#tracks.values());
    for (const key of this.#byProcess.get(process) ?? []) {
      const track = this.#tracks.get(key);
      if (track !== undefined) yield track;
    }
  }

  /** Forgets counters that have not been seen since. */
  forgetBefore(ms: number): void {
    this.#byProcess = undefined;
    for (const [key, { last }] of this.#tracks) if (last.timeMs < ms) this.#tracks.delete(key);
  }
}

function keysByProcess(tracks: Iterable<SeriesTrack>): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>();
  for (const { identity } of tracks) {
    const known = keys.get(identity.process);
    if (known === undefined) keys.set(identity.process, [identity.key]);
    else known.push(identity.key);
  }
  return keys;
}
