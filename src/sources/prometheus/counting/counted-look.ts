import type { ArmName } from './sampled-series.js';
import type { Amount, NativeAmount } from './value.js';

/** What one version counted in one look, by channel. */
export class CountedArm {
  readonly #cells = new Map<string, Map<string, number>>();
  readonly #native = new Map<string, NativeAmount[]>();

  #wentOnSinceMs = Infinity;

  /** Says that something that was seen at an instant was not seen again before this look, and had gone on meanwhile. */
  goOnSince(ms: number): void {
    this.#wentOnSinceMs = Math.min(this.#wentOnSinceMs, ms);
  }

  /** Since when something went on unseen until this look; infinite where nothing did. */
  get wentOnSinceMs(): number {
    return this.#wentOnSinceMs;
  }

  add(channel: string, cell: string, amount: Amount): void {
    if (typeof amount === 'number') {
      let cells = this.#cells.get(channel);
      if (cells === undefined) this.#cells.set(channel, (cells = new Map<string, number>()));
      cells.set(cell, (cells.get(cell) ?? 0) + amount);
      return;
    }
    const known = this.#native.get(channel);
    if (known === undefined) this.#native.set(channel, [...amount]);
    else known.push(...amount);
  }

  /** How many numbers it holds. */
  get size(): number {
    let size = 0;
    for (const cells of this.#cells.values()) size += cells.size;
    for (const amounts of this.#native.values()) size += amounts.length;
    return size;
  }

  /** Whether any series of the channel was there; it may have counted nothing. */
  has(channel: string): boolean {
    return this.#cells.has(channel) || this.#native.has(channel);
  }

  /** The count of a channel without cells; of a native histogram all its observations. */
  total(channel: string): number {
    let total = 0;
    for (const count of this.#cells.get(channel)?.values() ?? []) total += count;
    for (const { count } of this.#native.get(channel) ?? []) total += count;
    return total;
  }

  cells(channel: string): ReadonlyMap<string, number> {
    return this.#cells.get(channel) ?? nothing;
  }

  native(channel: string): readonly NativeAmount[] {
    return this.#native.get(channel) ?? [];
  }
}

const nothing: ReadonlyMap<string, number> = new Map();

/** One whole UTC minute of both versions. */
export interface CountedLook {
  /** Minutes since the epoch. */
  readonly minute: number;
  readonly arms: Readonly<Record<ArmName, CountedArm>>;
}
