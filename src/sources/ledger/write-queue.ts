import { setImmediate as nextTurn } from 'node:timers/promises';
import { VerdictError } from '../../domain/errors.js';

/** What of a queue is written together. */
export interface GroupLimits {
  /** How many groups are written at the same time. */
  readonly lanes: number;
  /** How many items form a group at most. */
  readonly items: number;
  /**
   * The weight from which on a group is large enough; one heavier item is a group of its own. One of several lanes is
   * kept free of these.
   */
  readonly weight: number;
}

/** How a queue writes what it holds. */
export interface GroupWork<Item, Answer> {
  /** Writes items together, wholly or not at all; the answers in the order of the items. */
  write(items: readonly Item[]): Promise<readonly Answer[]>;
  /** How much of a transaction an item takes up. */
  weight(item: Item): number;
  /**
   * What an item takes hold of. No two groups that have one of these in common are written at the same time, and an
   * item shares a group only with one that has all of its own: what is slow on one side holds nothing else up.
   * Absent: all go together. An item that has none waits for no other.
   */
  keys?(item: Item): readonly string[];
  /** Whether a failure means all that wait as well: they need not find out for themselves, one after the other. */
  isForAll(error: unknown): boolean;
  /** Whether one item alone may be the cause of a failure, and the others may do better without it. */
  isSeparable(error: unknown): boolean;
}

interface Entry<Item, Answer> {
  readonly item: Item;
  readonly keys: readonly string[];
  /** How many groups were formed past it. */
  passed: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Who was passed so often is next: nobody else gets hold of what it waits for. */
const passesAtMost = 16;

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
  /** How many heavy items are being written. */
  #heavy = 0;
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
      this.#waiting.push({ item, keys: this.#work.keys?.(item) ?? [], passed: 0, resolve, reject });
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
      // The others of the group have no more than the first has.
      for (const key of first.keys) this.#busyKeys.add(key);
      const isHeavy = this.#isHeavy(first);
      if (isHeavy) this.#heavy++;
      // Somebody else may wait for nothing that is held, and all but this lane have ended.
      if (this.#waiting.length > 0 && this.#lanes.size < this.#limits.lanes) this.#openLane();
      await this.#writeGroup(group);
      for (const key of first.keys) this.#busyKeys.delete(key);
      if (isHeavy) this.#heavy--;
    }
  }

  /** Takes the oldest items that can be written together now; none where others hold what is left up. */
  #takeGroup(): readonly Entry<Item, Answer>[] {
    const { items, weight: enough } = this.#limits;
    const group: Entry<Item, Answer>[] = [];
    const rest: Entry<Item, Answer>[] = [];
    const taken = new Set(this.#busyKeys);
    const mayBeHeavy = this.#heavy < Math.max(1, this.#limits.lanes - 1);
    let ofGroup: ReadonlySet<string> | undefined;
    let weight = 0;
    let isFull = false;
    for (const entry of this.#waiting) {
      const fits =
        ofGroup === undefined
          ? !entry.keys.some((key) => taken.has(key)) && (mayBeHeavy || !this.#isHeavy(entry))
          : entry.keys.every((key) => ofGroup?.has(key));
      if (!fits || isFull) {
        rest.push(entry);
        if (ofGroup === undefined && entry.passed >= passesAtMost)
          for (const key of entry.keys) taken.add(key);
        continue;
      }
      ofGroup ??= new Set(entry.keys);
      weight += this.#work.weight(entry.item);
      isFull = group.length + 1 >= items || weight >= enough;
      if (group.length > 0 && weight > enough) rest.push(entry);
      else group.push(entry);
    }
    this.#waiting = rest;
    if (group.length > 0) for (const entry of rest) entry.passed++;
    return group;
  }

  #isHeavy({ item }: Entry<Item, Answer>): boolean {
    return this.#work.weight(item) >= this.#limits.weight;
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
