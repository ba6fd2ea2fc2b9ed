import { CountedArm, type CountedLook } from './counted-look.js';
import type { SeriesIdentity } from './sampled-series.js';
import type { Amount } from './value.js';

type Place = Pick<SeriesIdentity, 'arm' | 'channel' | 'cell'>;

/** What counters of the same version, channel and cell have counted together, minute by minute. */
export class LookRow {
  readonly #place: Place;
  readonly #from: number;
  readonly #numbers: Float64Array;
  readonly #isThere: Uint8Array;
  readonly #native = new Map<number, Amount[]>();

  constructor(place: Place, from: number, length: number) {
    this.#place = place;
    this.#from = from;
    this.#numbers = new Float64Array(length);
    this.#isThere = new Uint8Array(length);
  }

  add(minute: number, amount: Amount): void {
    const index = minute - this.#from;
    if (typeof amount === 'number') {
      this.#numbers[index] = (this.#numbers[index] ?? 0) + amount;
      this.#isThere[index] = 1;
      return;
    }
    const known = this.#native.get(index);
    if (known === undefined) this.#native.set(index, [amount]);
    else known.push(amount);
  }

  giveTo(looks: readonly CountedLook[]): void {
    const { arm, channel, cell } = this.#place;
    for (const [index, { arms }] of looks.entries()) {
      // Also a count of nothing says that the series is there.
      if (this.#isThere[index] === 1) arms[arm].add(channel, cell, this.#numbers[index] ?? 0);
      for (const amount of this.#native.get(index) ?? []) arms[arm].add(channel, cell, amount);
    }
  }
}

type Cells = Map<string, LookRow>;

/** Gathers the counts of some minutes. */
export class LookTally {
  readonly #from: number;
  readonly #looks: readonly CountedLook[];
  readonly #rows: LookRow[] = [];
  /** By version, channel and cell: texts that are hashed already, not one that would have to be put together. */
  readonly #places = { canary: new Map<string, Cells>(), stable: new Map<string, Cells>() };

  constructor(from: number, to: number) {
    this.#from = from;
    this.#looks = Array.from({ length: to - from }, (_, index) => ({
      minute: from + index,
      arms: { canary: new CountedArm(), stable: new CountedArm() },
    }));
  }

  /** One minute, to count into. */
  look(minute: number): CountedLook {
    const look = this.#looks[minute - this.#from];
    if (look === undefined) throw new RangeError(`minute ${minute} is not counted`);
    return look;
  }

  /** Where what counters like this one count goes, by the number of the minute among all that are counted. */
  rowOf({ arm, channel, cell }: SeriesIdentity): LookRow {
    const channels = this.#places[arm];
    let cells = channels.get(channel);
    if (cells === undefined) channels.set(channel, (cells = new Map<string, LookRow>()));
    const known = cells.get(cell);
    if (known !== undefined) return known;
    const row = new LookRow({ arm, channel, cell }, this.#from, this.#looks.length);
    cells.set(cell, row);
    this.#rows.push(row);
    return row;
  }

  /** All minutes, once everything has been counted. */
  looks(): readonly CountedLook[] {
    for (const row of this.#rows.splice(0)) row.giveTo(this.#looks);
    return this.#looks;
  }
}
