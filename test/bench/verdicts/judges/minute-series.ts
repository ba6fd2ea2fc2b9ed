import type { Observations } from '../../../../src/domain/observations.js';
import { classifyMetric, netflixSettings, type Classification } from './mann-whitney.js';
import { minuteMetrics, type MinuteMetric } from './minute-metrics.js';
import { SortedDifferences } from './sorted-differences.js';

/**
 * The guardrails as time series, one number a minute and version since the present step began, classified anew after
 * every minute. One of them serves all judges of a stream.
 */
export class MinuteSeries {
  readonly #metrics: readonly MinuteMetric[];
  #samples: readonly SortedDifferences[] = [];
  #step = -1;
  #firstLook = 0;
  #seen = 0;
  #classes: readonly Classification[] = [];

  /** @param metrics what of each minute is a series */
  constructor(metrics: readonly MinuteMetric[] = minuteMetrics) {
    this.#metrics = metrics;
  }

  /** Names of the metrics that failed after the last look. */
  get failed(): readonly string[] {
    return this.#metrics
      .filter((_, index) => this.#classes[index] === 'high' || this.#classes[index] === 'low')
      .map(({ name }) => name);
  }

  /** How many minutes of the present step are in it. */
  get minutes(): number {
    return this.#seen - this.#firstLook;
  }

  /** The class of every metric after the last look. */
  classesAt({ looks }: Observations, step: number): readonly Classification[] {
    if (looks.length === this.#seen) return this.#classes;
    if (step !== this.#step) {
      this.#step = step;
      // Earlier looks than the last one are of the step before: this is asked after every look.
      this.#firstLook = looks.length - 1;
      this.#seen = this.#firstLook;
      this.#samples = this.#metrics.map(() => new SortedDifferences());
    }
    for (const { canary, stable } of looks.slice(this.#seen)) {
      this.#metrics.forEach(({ read }, index) => {
        this.#samples[index]?.add(
          canary === undefined ? undefined : read(canary),
          stable === undefined ? undefined : read(stable),
        );
      });
    }
    this.#seen = looks.length;
    this.#classes = this.#samples.map((sample, index) =>
      classifyMetric(sample, netflixSettings(this.#metrics[index]?.direction ?? 'either')),
    );
    return this.#classes;
  }
}
