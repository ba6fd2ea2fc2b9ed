import type { ArmCounts, BeforeLook, Look, Observations } from '../../../src/domain/observations.js';
import { sum } from '../../../src/statistics/sums.js';
import { armCounts, yesOrNo } from '../../support/simulation/arm-counts.js';
import type { Draw } from '../../support/simulation/draw.js';
import { minuteSpan } from '../../support/simulation/minute-span.js';
import { latencyBoundsMs, latencyShares } from './latency-shares.js';
import { scoreEdges } from './prediction-shares.js';
import type { ArmRates, LookRates, Sessions, World } from './world.js';

const lookSeconds = 60;

/** Looks of the stable version alone before the canary's first. */
export const beforeLooks = 30;

export interface SimulationSettings {
  readonly world: World;
  readonly requestsPerSecond: number;
  readonly routing?: 'sticky';
  readonly draw: Draw;
}

/** One simulated rollout: observations that grow by one look at a time, at the weight that the caller sets. */
export class Simulation {
  readonly #world: World;
  readonly #requestsPerLook: number;
  readonly #draw: Draw;
  readonly #head: Pick<Observations, 'model' | 'canary' | 'stable'>;
  readonly #before: readonly BeforeLook[];
  readonly #looks: Look[] = [];

  constructor(settings: SimulationSettings) {
    const { world, requestsPerSecond, routing, draw } = settings;
    this.#world = world;
    this.#requestsPerLook = requestsPerSecond * lookSeconds;
    this.#draw = draw;
    this.#head = {
      model: 'simulated',
      canary: { version: 'v2' },
      stable: { version: 'v1' },
      ...(routing === undefined ? {} : { routing }),
    };
    this.#before = Array.from({ length: beforeLooks }, (_, index): BeforeLook => {
      const look = index + 1 - beforeLooks;
      return { ...minuteSpan(look - 1), stable: this.#arms(look, 0).stable };
    });
  }

  /** Draws the next look, with this share of the traffic for the canary, and gives all up to it. */
  next(weight: number): Observations {
    const look = this.#looks.length + 1;
    const { canary, stable } = this.#arms(look, weight);
    this.#looks.push({ ...minuteSpan(look - 1), weight, canary, stable });
    return { ...this.#head, before: this.#before, looks: [...this.#looks] };
  }

  #arms(look: number, weight: number): { readonly canary: ArmCounts; readonly stable: ArmCounts } {
    const rates = this.#world(look, weight);
    const draw = this.#draw;
    if (rates.sessions?.routing === 'single') return this.#routedSingly(rates, rates.sessions, weight);
    const requests = draw.poisson(this.#requestsPerLook);
    const ofCanary = draw.binomial(requests, weight);
    return {
      canary: this.#arm(ofCanary, rates.canary, rates.sessions),
      stable: this.#arm(requests - ofCanary, rates.stable, rates.sessions),
    };
  }

  /** Sessions whose requests are routed one by one: their predictions are drawn first, then dealt to the versions. */
  #routedSingly(
    rates: LookRates,
    sessions: Sessions,
    weight: number,
  ): { readonly canary: ArmCounts; readonly stable: ArmCounts } {
    const draw = this.#draw;
    const count = draw.poisson(this.#requestsPerLook / sessions.requests);
    const all = draw.multinomial(count, rates.stable.predictions).map((bin) => bin * sessions.requests);
    const ofCanary = all.map((bin) => draw.binomial(bin, weight));
    const ofStable = all.map((bin, index) => bin - (ofCanary[index] ?? 0));
    return {
      canary: this.#arm(sum(ofCanary), rates.canary, undefined, ofCanary),
      stable: this.#arm(sum(ofStable), rates.stable, undefined, ofStable),
    };
  }

  /** Draws one version's counts. What a request is in one respect says nothing about the others. */
  #arm(
    requests: number,
    rates: ArmRates,
    sessions: Sessions | undefined,
    predictions?: readonly number[],
  ): ArmCounts {
    const draw = this.#draw;
    const errors = draw.binomial(requests, rates.errorRate);
    const latency = draw.multinomial(requests, latencyShares(rates.p99Ms));
    const answered = requests - errors;
    const counts = predictions ?? this.#predictions(answered, rates.predictions, sessions?.requests ?? 1);
    const { acceptance } = rates;
    return armCounts({
      requests,
      errors,
      latency: { boundsMs: latencyBoundsMs, counts: latency },
      scores: { edges: scoreEdges, counts },
      outcomes: acceptance === undefined ? undefined : yesOrNo(answered, draw.binomial(answered, acceptance)),
    });
  }

  /** All predictions of a session are alike; a last session that is not full is dropped. */
  #predictions(answered: number, shares: readonly number[], perSession: number): readonly number[] {
    if (perSession === 1) return this.#draw.multinomial(answered, shares);
    const sessions = Math.floor(answered / perSession);
    return this.#draw.multinomial(sessions, shares).map((bin) => bin * perSession);
  }
}
