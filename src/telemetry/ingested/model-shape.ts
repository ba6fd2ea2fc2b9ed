import { latencyLayout, scoreLayout, type BucketLayout } from './bucket-layout.js';
import type { IngestedSettings } from './settings.js';

/**
 * What all versions of a model have in common, so that they can be compared: the buckets of their histograms, and
 * which labels are told apart.
 */
export class ModelShape {
  readonly #namespace: string;
  readonly #model: string;
  readonly #scores = new Map<string, BucketLayout>();
  readonly #labels = new Map<string, Set<string>>();
  #settings: IngestedSettings;
  #latency: BucketLayout;

  constructor(namespace: string, model: string, settings: IngestedSettings) {
    this.#namespace = namespace;
    this.#model = model;
    this.#settings = settings;
    this.#latency = latencyLayout(settings.latencyBuckets);
  }

  /** Takes other settings over. A layout that stays the same stays the same object. Labels that are told apart stay so. */
  configure(settings: IngestedSettings): void {
    this.#settings = settings;
    const { latencyBuckets } = settings;
    if (!areEqual(latencyBuckets, this.#latency.bounds)) this.#latency = latencyLayout(latencyBuckets);
    for (const [output, layout] of this.#scores) {
      if (!areEqual(this.#scoreBuckets(output), layout.bounds)) this.#scores.delete(output);
    }
  }

  get latency(): BucketLayout {
    return this.#latency;
  }

  scores(output: string): BucketLayout {
    let layout = this.#scores.get(output);
    if (layout === undefined) {
      layout = scoreLayout(this.#scoreBuckets(output));
      this.#scores.set(output, layout);
    }
    return layout;
  }

  /** Whether a label is told apart from the others. The first ones are, and always will be. */
  tellsApart(output: string, label: string): boolean {
    let kept = this.#labels.get(output);
    if (kept === undefined) this.#labels.set(output, (kept = new Set()));
    if (kept.has(label)) return true;
    if (kept.size >= this.#settings.maxLabels) return false;
    kept.add(label);
    return true;
  }

  #scoreBuckets(output: string): readonly number[] {
    return this.#settings.scoreBuckets(this.#namespace, this.#model, output);
  }
}

function areEqual(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
