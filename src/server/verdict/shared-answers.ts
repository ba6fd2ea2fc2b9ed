/** Where an answer came from. */
export type AnswerOrigin = 'evaluated' | 'shared' | 'cached';

/** An answer, and whether it may be given again to the same question. */
export interface Answer<T> {
  readonly value: T;
  readonly keep: boolean;
}

/** Remembers answers by question, the most recently asked ones, and asks a question that is under way only once. */
export class SharedAnswers<T> {
  readonly #limit: number;
  readonly #kept = new Map<string, T>();
  readonly #underWay = new Map<string, Promise<Answer<T>>>();

  /** @param limit how many answers are kept at most; 0 keeps none */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The kept answer, else that of the identical question under way, else that of `answer`. */
  async get(
    key: string,
    answer: () => Promise<Answer<T>>,
  ): Promise<{ readonly value: T; readonly from: AnswerOrigin }> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#keep(key, kept);
      return { value: kept, from: 'cached' };
    }
    const other = this.#underWay.get(key);
    if (other !== undefined) return { value: (await other).value, from: 'shared' };
    const own = answer();
    this.#underWay.set(key, own);
    try {
      const { value, keep } = await own;
      if (keep) this.#keep(key, value);
      return { value, from: 'evaluated' };
    } finally {
      this.#underWay.delete(key);
    }
  }

  #keep(key: string, value: T): void {
    this.#kept.delete(key);
    this.#kept.set(key, value);
    if (this.#kept.size <= this.#limit) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
