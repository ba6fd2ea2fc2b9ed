import { RecentlyUsed } from './recently-used.js';

/** Where an answer came from. */
export type AnswerOrigin = 'evaluated' | 'shared' | 'cached';

/** An answer, and whether it may be given again to the same question. */
export interface Answer<T> {
  readonly value: T;
  readonly keep: boolean;
}

/** Remembers answers by question, the most recently asked ones, and asks a question that is under way only once. */
export class SharedAnswers<T> {
  readonly #kept: RecentlyUsed<T>;
  readonly #underWay = new Map<string, Promise<Answer<T>>>();

  /** @param limit how many answers are kept at most; 0 keeps none */
  constructor(limit: number) {
    this.#kept = new RecentlyUsed(limit);
  }

  /** The kept answer, else that of the identical question under way, else that of `answer`. */
  async get(
    key: string,
    answer: () => Promise<Answer<T>>,
  ): Promise<{ readonly value: T; readonly from: AnswerOrigin }> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) return { value: kept, from: 'cached' };
    const other = this.#underWay.get(key);
    if (other !== undefined) return { value: (await other).value, from: 'shared' };
    const own = answer();
    this.#underWay.set(key, own);
    try {
      const { value, keep } = await own;
      if (keep) this.#kept.set(key, value);
      return { value, from: 'evaluated' };
    } finally {
      this.#underWay.delete(key);
    }
  }
}
