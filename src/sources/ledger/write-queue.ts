import { setImmediate as nextTurn } from 'node:timers/promises';
import { VerdictError } from '../../domain/errors.js';

/** What of a queue is written together. */
export interface GroupLimits {
  /** How many groups are written at the same time. */
  readonly lanes: number;
  /** How many items form a group at most. */
  readonly items: number;
  /** The weight from which on a group is large enough; one heavier item is a group of its own. */
  readonly weight: number;
}

/** How a queue writes what it holds. */
export interface GroupWork<Item, Answer> {
  /** Writes items together, wholly or not at all; the answers in the order of the items. */
  write(items: readonly Item[]): Promise<readonly Answer[]>;
  /** How much of a transaction an item takes up. */
  weight(item: Item): number;
  /**
   * What an item waits for; only items that wait for the same share a group, and no two groups that do are written at
   * the same time: what is slow on one side holds nothing else up. Absent: all go together.
   */
  key?(item: Item): string;
  /** Whether a failure means all that wait as well: they need not find out for themselves, one after the other. */
  isForAll(error: unknown): boolean;
  /** Whether one item alone may be the cause of a failure, and the others may do better without it. */
  isSeparable(error: unknown): boolean;
}

interface Entry<Item, Answer> {
  readonly item: Item;
  readonly key: string;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Items that are written in groups. What arrives while others are written shares the next transaction, so that many
 * small requests at once wait for one write to the disk instead of one each. Where a group fails because of one of
 * its items, each is written alone; nobody is answered before the transaction is committed.
 */
export class WriteQueue<Item, Answer> {
  readonly #work: GroupWork<Item, Answer>;
  readonly #limits: GroupLimits;
  #waiting: Entry<Item, Answer>[] = [];
  readonly #busyKeys = new Set<string>();
  readonly #lanes = new Set<Promise<void>>();
  #closed = false;

  constructor(work: GroupWork<Item, Answer>, limits: GroupLimits) {
    this.#work = work;
    this.#limits = limits;
  }

  /** Writes an item; answers once that is durable. */
  add(item: Item): Promise<Answer> {
    if (this.#closed) return Promise.reject(new VerdictError('unavailable', 'the ledger is closed'));
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.push({ item, key: this.#work.key?.(item) ?? '', resolve, reject });
      if (this.#lanes.size < this.#limits.lanes) this.#openLane();
    });
  }

  /** Takes no more items and waits for what was taken. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#lanes);
  }

  #openLane(): void {
    const lane = this.#drain().finally(() => {
      this.#lanes.delete(lane);
    });
    this.#lanes.add(lane);
  }

  async #drain(): Promise<void> {
    for (;;) {
      // All requests that the event loop has at hand get into the same transaction.
      await nextTurn();
      const group = this.#takeGroup();
      const [first] = group;
      if (first === undefined) return;
      this.#busyKeys.add(first.key);
      await this.#writeGroup(group);
      this.#busyKeys.delete(first.key);
    }
  }

  /** Takes the oldest items that can be written together now; none where others hold what is left up. */
  #takeGroup(): readonly Entry<Item, Answer>[] {
    const { items, weight: enough } = this.#limits;
    const group: Entry<Item, Answer>[] = [];
    const rest: Entry<Item, Answer>[] = [];
    let weight = 0;
    let isFull = false;
    for (const entry of this.#waiting) {
      const key = group[0]?.key;
      const fits = key === undefined ? !this.#isBusy(entry.key) : entry.key === key;
      if (!fits || isFull) {
        rest.push(entry);
        continue;
      }
      weight += this.#work.weight(entry.item);
      isFull = group.length + 1 >= items || weight >= enough;
      if (group.length > 0 && weight > enough) rest.push(entry);
      else group.push(entry);
    }
    this.#waiting = rest;
    return group;
  }

  #isBusy(key: string): boolean {
    return this.#work.key !== undefined && this.#busyKeys.has(key);
  }

  async #writeGroup(group: readonly Entry<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.#work.write(group.map(({ item }) => item));
      for (const [index, { resolve }] of group.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      if (group.length > 1 && this.#work.isSeparable(error)) {
        for (const entry of group) await this.#writeGroup([entry]);
        return;
      }
      const failed = this.#work.isForAll(error) ? [...group, ...this.#waiting.splice(0)] : group;
      for (const { reject } of failed) reject(error);
    }
  }
}
