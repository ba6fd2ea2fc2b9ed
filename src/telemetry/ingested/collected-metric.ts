import type { Metric } from 'prom-client';
import type { SeriesLabels } from './version-counts.js';

/** One line of the page. */
export interface Sample {
  readonly labels: SeriesLabels;
  /** What it has beside them. */
  readonly own?: Readonly<Record<string, string | number>>;
  /** What stands behind the name of a histogram. */
  readonly part?: '_bucket' | '_sum' | '_count';
  readonly value: number;
}

/** What a metric is, and where its samples come from. */
export interface CollectedMetricParts {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'histogram';
  readonly labelNames: readonly string[];
  /** Called once a page, for all metrics within one turn, so that their samples belong together. */
  readonly samples: () => readonly Sample[];
}

/**
 * A metric for a registry of prom-client that keeps no values of its own: prom-client's histogram takes observations one
 * by one, and here whole counts come.
 */
export class CollectedMetric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'histogram';
  readonly labelNames: readonly string[];
  readonly aggregator = 'sum';
  readonly #samples: CollectedMetricParts['samples'];

  constructor({ name, help, type, labelNames, samples }: CollectedMetricParts) {
    this.name = name;
    this.help = help;
    this.type = type;
    this.labelNames = labelNames;
    this.#samples = samples;
  }

  /** What a registry asks for. The samples are taken at once. */
  get() {
    return this.#withValues(({ labels, own }) => ({
      labels: own === undefined ? labels : { ...labels, ...own },
    }));
  }

  /** What a registry asks for when it writes the page: labels that several samples share are written once only. */
  getForPromString() {
    return this.#withValues(({ labels, own = noLabels }) => ({ labels: own, sharedLabels: labels }));
  }

  /** There is nothing to forget. */
  reset(): void {
    return undefined;
  }

  #withValues<Labels>(labelsOf: (sample: Sample) => Labels) {
    const { name, help, type, aggregator } = this;
    const values = this.#samples().map((sample) => ({
      ...labelsOf(sample),
      metricName: sample.part === undefined ? name : name + sample.part,
      value: sample.value,
    }));
    return Promise.resolve({ name, help, type, aggregator, values });
  }
}

const noLabels: Readonly<Record<string, string>> = {};

/**
 * The same for `registerMetric`, whose type lists prom-client's own classes although a registry asks of a metric no more
 * than there is here.
 */
export function registrable(metric: CollectedMetric): Metric {
  return metric as unknown as Metric;
}
