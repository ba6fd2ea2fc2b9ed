import type { ArmCounts, Look } from '../../../src/domain/observations.js';
import type { Verdict } from '../../../src/domain/verdict.js';
import { classifyMetric, netflixSettings } from '../verdicts/judges/mann-whitney.js';
import { minuteMetrics, type MinuteMetric } from '../verdicts/judges/minute-metrics.js';
import { SortedDifferences } from '../verdicts/judges/sorted-differences.js';
import { verdictOfClasses } from '../verdicts/judges/time-series.js';
import type { StepAnswer } from './judges.js';

/** Minutes at one weight before the first judgement, as its users set it. */
const firstJudgedMinute = 5;

/** The default policy's metrics but its outcome, and the recording's two outcomes. */
const metrics: readonly MinuteMetric[] = [
  ...minuteMetrics.filter(({ name }) => name !== 'mean outcome'),
  ...['hit-rate', 'caught'].map((name): MinuteMetric => ({
    name,
    direction: 'decrease',
    read: (arm) => meanOutcome(arm, name),
  })),
];

function meanOutcome({ outcomes }: ArmCounts, name: string): number | undefined {
  const totals = outcomes.get(name);
  return totals === undefined || totals.count === 0 ? undefined : totals.sum / totals.count;
}

/** A Kayenta-like judge of one canary: takes minute by minute, each metric one series, anew at every weight. */
export class MannWhitneyRun {
  readonly #critical: boolean;
  #samples = metrics.map(() => new SortedDifferences());
  #minutes = 0;
  #weight: number | undefined;

  /** @param critical whether one failed metric is enough for a rollback; otherwise the score decides */
  constructor(critical: boolean) {
    this.#critical = critical;
  }

  /** The answer after a whole minute more. */
  take(look: Look): StepAnswer {
    if (look.weight !== this.#weight) {
      this.#weight = look.weight;
      this.#minutes = 0;
      this.#samples = metrics.map(() => new SortedDifferences());
    }
    this.#minutes += 1;
    const classes = metrics.map((metric, index) => {
      const samples = this.#samples[index] ?? new SortedDifferences();
      samples.add(read(metric, look.canary), read(metric, look.stable));
      return this.#minutes < firstJudgedMinute
        ? 'pass'
        : classifyMetric(samples, netflixSettings(metric.direction));
    });
    if (this.#minutes < firstJudgedMinute) return { verdict: 'hold', by: [] };
    const verdict: Verdict = verdictOfClasses(classes, this.#critical);
    const failed = metrics.filter((_, index) => classes[index] === 'high' || classes[index] === 'low');
    return { verdict, by: verdict === 'rollback' ? failed.map(({ name }) => name) : [] };
  }
}

function read(metric: MinuteMetric, arm: ArmCounts | undefined): number | undefined {
  return arm === undefined ? undefined : metric.read(arm);
}
