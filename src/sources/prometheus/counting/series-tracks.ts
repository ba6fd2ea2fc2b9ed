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
  /** Keys of counters; made when somebody asks. */
  #byProcess: Map<string, string[]> | undefined;

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
    if (this.#byProcess !== undefined && this.#tracks.size !== size) addKey(this.#byProcess, track);
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

function keysByProcess(tracks: Iterable<SeriesTrack>): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const track of tracks) addKey(keys, track);
  return keys;
}

function addKey(keys: Map<string, string[]>, { identity: { process, key } }: SeriesTrack): void {
  const known = keys.get(process);
  if (known === undefined) keys.set(process, [key]);
  else known.push(key);
}
