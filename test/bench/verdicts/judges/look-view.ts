import type { Observations } from '../../../../src/domain/observations.js';
import type { Policy } from '../../../../src/domain/policy.js';
import type { Verdict, VerdictDocument } from '../../../../src/domain/verdict.js';
import { judge } from '../../../../src/judge/index.js';
import type { Classification } from './mann-whitney.js';
import type { MinuteSeries } from './minute-series.js';

/**
 * A stream up to one look, as all judges see it. What several of them need is reckoned once, and only when one asks.
 */
export class LookView {
  readonly observations: Observations;
  /** The policy in force: that of the rollout's present step. */
  readonly policy: Policy;
  /** Number of the present step, from 0; always 0 outside a journey. */
  readonly step: number;
  readonly #series: MinuteSeries;
  #document: VerdictDocument | undefined;
  #minute: Verdict | undefined;

  /** @param series the stream's: the same at every look of it */
  constructor(observations: Observations, policy: Policy, series: MinuteSeries, step = 0) {
    this.observations = observations;
    this.policy = policy;
    this.#series = series;
    this.step = step;
  }

  /** The production judge's document under the policy in force. */
  get document(): VerdictDocument {
    this.#document ??= judge(this.policy, this.observations);
    return this.#document;
  }

  /** The policy's table to the letter on the last look alone. */
  get lastMinute(): Verdict {
    this.#minute ??= judge(
      { ...this.policy, mode: 'threshold' },
      { ...this.observations, before: [], looks: this.observations.looks.slice(-1) },
    ).verdict;
    return this.#minute;
  }

  /** The guardrails as time series over the present step, each classified on its own. */
  get classes(): readonly Classification[] {
    return this.#series.classesAt(this.observations, this.step);
  }

  /** Minutes of the present step. */
  get minutes(): number {
    this.#series.classesAt(this.observations, this.step);
    return this.#series.minutes;
  }
}
