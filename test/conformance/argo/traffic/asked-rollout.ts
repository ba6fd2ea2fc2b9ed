import { setTimeout as pause } from 'node:timers/promises';
import type { Verdict, VerdictDocument } from '../../../../src/domain/verdict.js';
import type { FastClock } from '../../../support/service/fast-clock.js';
import { CanaryTraffic } from './canary-traffic.js';
import type { Character } from './characters.js';
import { serviceTokens, type VerdictService } from './start-verdict-service.js';

const lookMs = 60_000;
const model = 'flight-delay';

/** The analyses of the shipped gated Rollout. */
const steps = [
  { weight: 5, confidence: '0.8', undecidedProxy: 'pass' },
  { weight: 25, confidence: '0.8', undecidedProxy: 'pass' },
  { weight: 50, confidence: '0.95', undecidedProxy: 'hold' },
] as const;

/** A canary, and how it is played. */
export interface AskedRolloutOptions {
  readonly clock: FastClock;
  readonly service: VerdictService;
  /** Its namespace; its model has the same name everywhere. */
  readonly name: string;
  readonly character: Character;
  readonly requestsPerLook: number;
  readonly outcomesPerRequest?: number;
  /** After so many looks without a verdict it is left as it is. */
  readonly mostLooks: number;
}

/** How it ended. */
export interface RolloutEnd {
  readonly verdict: Verdict;
  /** The weight at which it ended. */
  readonly weight: number;
  /** After how many looks of each step it was decided, as far as it came. */
  readonly looks: readonly number[];
  readonly document: VerdictDocument;
}

/** Drives the traffic of a canary as Argo Rollouts does with the shipped templates, with nothing of Argo in it. */
export class AskedRollout {
  readonly traffic: CanaryTraffic;
  readonly #options: AskedRolloutOptions;
  #weight = 0;
  #hasCanary = false;

  constructor(options: AskedRolloutOptions) {
    const { clock, service, name, character, ...rates } = options;
    this.#options = options;
    this.traffic = new CanaryTraffic({
      ...rates,
      clock,
      url: () => service.url,
      token: serviceTokens.ingest,
      namespace: name,
      model,
      stableNow: () => 'v1',
      canaryNow: () => (this.#hasCanary ? 'v2' : undefined),
      weightNow: () => this.#weight / 100,
      characterOf: () => character,
    });
  }

  /** Lets the canary in, and asks once a look until it is promoted, rolled back, or has been held for too long. */
  async run(): Promise<RolloutEnd> {
    const looks: number[] = [];
    this.traffic.start();
    for (;;) {
      const step = steps[looks.length];
      if (step === undefined) throw new Error('there are no further steps');
      this.letIn(step.weight);
      const { document, looks: asked } = await this.#analyse(looks.length);
      looks.push(asked);
      const { verdict } = document;
      if (verdict !== 'promote' || looks.length === steps.length) {
        if (verdict === 'rollback') this.letIn(0);
        return { verdict, weight: step.weight, looks, document };
      }
    }
  }

  /** Gives the canary so many percent of the traffic. */
  letIn(weight: number): void {
    this.#hasCanary = true;
    this.#weight = weight;
  }

  /** Asks as the metric of a step's template does. */
  ask(step = 0): Promise<VerdictDocument> {
    const { confidence, undecidedProxy } = steps[step] ?? steps[0];
    return this.#options.service.ask({
      namespace: this.#options.name,
      model,
      ...{ canary: 'v2', stable: 'v1' },
      weight: String(this.#weight),
      step: String(2 * step + 1),
      confidence,
      guardrails: { 'business-proxy': { ifUndecided: undecidedProxy } },
    });
  }

  /** At once, and again a look later. */
  async #analyse(step: number): Promise<{ readonly document: VerdictDocument; readonly looks: number }> {
    const { clock, mostLooks } = this.#options;
    for (let looks = 0; ; looks++) {
      const document = await this.ask(step);
      if (document.verdict !== 'hold' || looks === mostLooks) return { document, looks };
      await pause(clock.realMs(lookMs));
    }
  }
}
