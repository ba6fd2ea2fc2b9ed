import { minuteMs } from '../../looks/minutes.js';
import type { QuerySeries } from '../server/query.js';
import type { TimeUnit } from '../signals/signal.js';
import { milliseconds } from '../signals/time-units.js';
import type { ArmName } from './sampled-series.js';

/** Milliseconds by quantile (0 to 1). */
export type Quantiles = ReadonlyMap<number, number>;

/**
 * Quantiles that targets computed themselves, by minute and version: the largest over the targets, since quantiles
 * cannot be added up.
 */
export class QuantileLooks {
  readonly #minutes = new Map<number, Readonly<Record<ArmName, Map<number, number>>>>();

  add(
    answered: readonly QuerySeries[],
    unit: TimeUnit,
    armOf: (labels: Readonly<Record<string, string>>) => ArmName | undefined,
  ): void {
    for (const { labels, timesMs, values } of answered) {
      const arm = armOf(labels);
      const quantile = Number(labels['quantile'] ?? NaN);
      if (arm === undefined || !(quantile > 0 && quantile < 1)) continue;
      timesMs.forEach((timeMs, index) => {
        const value = values[index];
        if (typeof value === 'number' && value >= 0) {
          this.#raise(timeMs / minuteMs - 1, arm, quantile, milliseconds(value, unit));
        }
      });
    }
  }

  of(minute: number, arm: ArmName): Quantiles | undefined {
    return this.#minutes.get(minute)?.[arm];
  }

  forgetBefore(minute: number): void {
    for (const known of this.#minutes.keys()) if (known < minute) this.#minutes.delete(known);
  }

  #raise(minute: number, arm: ArmName, quantile: number, value: number): void {
    let arms = this.#minutes.get(minute);
    if (arms === undefined) {
      arms = { canary: new Map<number, number>(), stable: new Map<number, number>() };
      this.#minutes.set(minute, arms);
    }
    arms[arm].set(quantile, Math.max(value, arms[arm].get(quantile) ?? 0));
  }
}
