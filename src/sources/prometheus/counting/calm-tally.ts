import { CountedArm, type CountedLook } from './counted-look.js';
import type { ArmName, SeriesIdentity } from './sampled-series.js';
import type { Amount } from './value.js';

/** What counters of the same version, channel and cell have counted together, minute by minute. */
class CalmRow {
  readonly #identity: SeriesIdentity;
  readonly #numbers: Float64Array;
  readonly #isThere: Uint8Array;
  readonly #native = new Map<number, Amount[]>();

  constructor(identity: SeriesIdentity, length: number) {
    this.#identity = identity;
    this.#numbers = new Float64Array(length);
    this.#isThere = new Uint8Array(length);
  }

  add(index: number, amount: Amount): void {
    if (typeof amount === 'number') {
      this.#numbers[index] = (this.#numbers[index] ?? 0) + amount;
      this.#isThere[index] = 1;
      return;
    }
    const known = this.#native.get(index);
    if (known === undefined) this.#native.set(index, [amount]);
    else known.push(amount);
  }

  give(index: number, arms: Readonly<Record<ArmName, CountedArm>>): void {
    const { arm, channel, cell } = this.#identity;
    if (this.#isThere[index] === 1) arms[arm].add(channel, cell, this.#numbers[index] ?? 0);
    for (const amount of this.#native.get(index) ?? []) arms[arm].add(channel, cell, amount);
  }
}

/** The rows of some minutes. */
export class CalmTally {
  readonly #length: number;
  readonly #rows: CalmRow[] = [];
  /** By version, channel and cell: texts that are hashed already, not one that would have to be put together. */
  readonly #places = { canary: new Map<string, Cells>(), stable: new Map<string, Cells>() };

  constructor(length: number) {
    this.#length = length;
  }

  rowOf(identity: SeriesIdentity): CalmRow {
    const channels = this.#places[identity.arm];
    let cells = channels.get(identity.channel);
    if (cells === undefined) channels.set(identity.channel, (cells = new Map<string, CalmRow>()));
    const known = cells.get(identity.cell);
    if (known !== undefined) return known;
    const row = new CalmRow(identity, this.#length);
    cells.set(identity.cell, row);
    this.#rows.push(row);
    return row;
  }

  looks(from: number): readonly CountedLook[] {
    return Array.from({ length: this.#length }, (_, index) => {
      const arms = { canary: new CountedArm(), stable: new CountedArm() };
      for (const row of this.#rows) row.give(index, arms);
      return { minute: from + index, arms };
    });
  }
}

type Cells = Map<string, CalmRow>;
