import { minuteMs } from '../../looks/minutes.js';
import type { CounterValue } from './value.js';

/** Values by minute, in one row: most counters are there in every minute of a stretch. */
export class MinuteValues {
  #first = 0;
  #row: readonly (CounterValue | undefined)[] = [];
  /** The same row once it is no answer's. */
  #ownRow: (CounterValue | undefined)[] | undefined;
  #size = 0;

  /** How many minutes have a value. */
  get size(): number {
    return this.#size;
  }

  get(minute: number): CounterValue | undefined {
    return this.#row[minute - this.#first];
  }

  /** The first minute of some that has a value; `to` where there is none. */
  firstFrom(from: number, to: number): number {
    const end = Math.min(to - this.#first, this.#row.length);
    for (let index = Math.max(0, from - this.#first); index < end; index++) {
      if (this.#row[index] !== undefined) return this.#first + index;
    }
    return to;
  }

  /**
   * The first minute of some in which the number is lower than the one before it, or which has none though it goes on
   * later; `to` where there is none.
   *
   * @param before what it was before the first of them
   */
  risesUntil(from: number, to: number, before: number): number {
    const row = this.#row;
    const end = Math.min(to - this.#first, row.length);
    let last = before;
    for (let index = from - this.#first; index < end; index++) {
      const value = row[index];
      if (typeof value !== 'number' || value < last) return this.#first + index;
      last = value;
    }
    return to;
  }

  /** Takes values that were the last ones at the ends of minutes. */
  addAll(timesMs: readonly number[], values: readonly CounterValue[]): void {
    const first = (timesMs[0] ?? NaN) / minuteMs - 1;
    const last = (timesMs.at(-1) ?? NaN) / minuteMs - 1;
    if (this.#size === 0 && last - first === values.length - 1) {
      this.#first = first;
      this.#row = values;
      this.#size = values.length;
      return;
    }
    timesMs.forEach((timeMs, index) => {
      const value = values[index];
      if (value !== undefined) this.#set(timeMs / minuteMs - 1, value);
    });
  }

  #set(minute: number, value: CounterValue): void {
    if (this.#size === 0) this.#first = minute;
    const before = Math.max(0, this.#first - minute);
    let row = this.#ownRow;
    if (row === undefined || before > 0) {
      row = [...new Array<undefined>(before).fill(undefined), ...this.#row];
      this.#ownRow = row;
      this.#row = row;
      this.#first -= before;
    }
    const index = minute - this.#first;
    // Without holes: rows with some are read far more slowly.
    while (row.length < index) row.push(undefined);
    if (row[index] === undefined) this.#size++;
    row[index] = value;
  }
}
