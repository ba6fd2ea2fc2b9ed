import type { GuardrailSettings, Policy } from '../../domain/policy.js';
import type { GuardrailVerdict } from '../../domain/verdict.js';
import { guardrailKind } from '../guardrails/index.js';
import { judge } from '../judge.js';
import { hypotheticalObservations } from './hypothetical-observations.js';
import type { Hypothesis, PlannedBaseline, PlannedTraffic } from './planning.js';

/** What the canary is taken for, and what the stable version. */
export type AssumedQualities = Pick<Hypothesis, 'quality' | 'stableQuality'>;

const unknownSamples = { canary: 0, stable: 0 };

/** One guardrail on hypothetical canaries: what the judge says of them when it is asked for this guardrail alone. */
export class Trial {
  readonly #policy: Policy;
  readonly #settings: GuardrailSettings;
  readonly #traffic: PlannedTraffic;
  readonly #baseline: PlannedBaseline;
  readonly #samples = new Map<number, Hypothesis['samples']>();

  constructor(
    policy: Policy,
    settings: GuardrailSettings,
    traffic: PlannedTraffic,
    baseline: PlannedBaseline,
  ) {
    this.#policy = policy;
    this.#settings = settings;
    this.#traffic = traffic;
    this.#baseline = baseline;
  }

  /** Canary samples a minute; undefined where this traffic has none for the guardrail. */
  samplesPerMinute(qualities: AssumedQualities): number | undefined {
    const hypothesis = this.#hypothesis(qualities, 0.5, unknownSamples);
    const arms = this.#planning.armsOf(hypothesis, this.#settings);
    if (arms === undefined) return undefined;
    const perRequest = guardrailKind(this.#settings.kind).samplesOf(arms.canary, this.#settings) ?? 0;
    return perRequest * this.#traffic.requestsPerSecond * 60 * this.#traffic.weight;
  }

  /** What the judge says after so many minutes of a canary of some quality; undefined without samples. */
  verdictAfter(minutes: number, qualities: AssumedQualities, chance: number): GuardrailVerdict | undefined {
    const samples = this.#samples.get(minutes) ?? this.#judgedSamples(minutes, qualities);
    return samples === undefined ? undefined : this.#ask(minutes, qualities, chance, samples);
  }

  /** How many samples the judge will have judged by then: the warm-up and whatever else it leaves out are not in it. */
  #judgedSamples(minutes: number, qualities: AssumedQualities): Hypothesis['samples'] | undefined {
    const samples = this.#ask(minutes, qualities, 0.5, unknownSamples)?.samples;
    if (samples !== undefined) this.#samples.set(minutes, samples);
    return samples;
  }

  #ask(
    minutes: number,
    qualities: AssumedQualities,
    chance: number,
    samples: Hypothesis['samples'],
  ): GuardrailVerdict | undefined {
    const arms = this.#planning.armsOf(this.#hypothesis(qualities, chance, samples), this.#settings);
    if (arms === undefined) return undefined;
    const observations = hypotheticalObservations(arms, this.#traffic, minutes, this.#policy);
    return judge(this.#policy, observations, { guardrail: this.#settings.name }).guardrails[0];
  }

  #hypothesis(qualities: AssumedQualities, chance: number, samples: Hypothesis['samples']): Hypothesis {
    return { ...qualities, chance, samples, traffic: this.#traffic, baseline: this.#baseline };
  }

  get #planning() {
    return guardrailKind(this.#settings.kind).planning;
  }
}
