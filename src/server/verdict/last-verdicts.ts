import { formatInstant } from '../../domain/units.js';
import type { VerdictDocument } from '../../domain/verdict.js';
import type { Hold } from './hold.js';
import { hold } from './hold.js';
import { RecentlyUsed } from './recently-used.js';

/** What is kept of a verdict, to be told while no new one can be given. */
interface LastVerdict {
  readonly verdict: VerdictDocument['verdict'];
  readonly asOfMs: number;
  readonly looks: number;
}

/** How many questions are kept. */
const mostQuestions = 1000;

/**
 * The last verdict on every question, for as long as the process lives. While the source is away the answer is a
 * hold: what was seen before tells a person where the canary stood, it does not decide for the time that was not seen.
 */
export class LastVerdicts {
  readonly #last = new RecentlyUsed<LastVerdict>(mostQuestions);

  remember(question: string, { verdict, asOf, looks }: VerdictDocument): void {
    if (asOf === null) return;
    const asOfMs = Date.parse(asOf);
    // The same question may be asked about an earlier time; that is not where the canary stands.
    if (asOfMs >= (this.#last.get(question)?.asOfMs ?? -Infinity)) {
      this.#last.set(question, { verdict, asOfMs, looks });
    }
  }

  /** A hold with what is known of the question added to its sentence. */
  addTo(question: string, { code, text }: Hold): Hold {
    const last = this.#last.get(question);
    if (last === undefined) return { code, text };
    const known = `the last verdict that could be given is of ${formatInstant(last.asOfMs)}: ${last.verdict} after ${last.looks} looks`;
    return hold(code, `${text}; ${known}`);
  }
}
