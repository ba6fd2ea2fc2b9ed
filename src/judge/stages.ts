import type { Look } from '../domain/observations.js';

export interface StageAssignment {
  /** Index of the stage of each look, from 0. */
  readonly stageOf: readonly number[];
  /** Configured weight of each stage; null where stages were inferred. */
  readonly weights: readonly (number | null)[];
}

/** How many standard errors, and by which factor, the observed share must move to begin a stage. */
const standardErrors = 5;
const insideFactor: readonly [number, number] = [0.8, 1.25];

/**
 * Gives every look its configured weight where any is known: a look without one keeps the one before, the first
 * ones take the first given. Also from looks without traffic, which are dropped later.
 */
export function withWeights(looks: readonly Look[]): readonly Look[] {
  let weight = looks.find((look) => look.weight !== undefined)?.weight;
  if (weight === undefined) return looks;
  return looks.map((look) => {
    weight = look.weight ?? weight;
    return weight === undefined ? look : { ...look, weight };
  });
}

/**
 * Cuts looks into stages. Where weights are configured a change of weight begins one. Otherwise a look begins a stage when the canary's
 * share of its requests differs from that of the stage so far by more than 5 pooled standard errors and lies
 * outside 0.8 to 1.25 times it.
 */
export function assignStages(looks: readonly Look[]): StageAssignment {
  const firstWeight = looks[0]?.weight;
  return firstWeight === undefined ? inferStages(looks) : configuredStages(looks, firstWeight);
}

function configuredStages(looks: readonly Look[], firstWeight: number): StageAssignment {
  const weights: number[] = [firstWeight];
  let weight = firstWeight;
  const stageOf = looks.map((look) => {
    if (look.weight !== undefined && look.weight !== weight) {
      weight = look.weight;
      weights.push(weight);
    }
    return weights.length - 1;
  });
  return { stageOf, weights };
}

function inferStages(looks: readonly Look[]): StageAssignment {
  let stage = 0;
  let canaryTotal = 0;
  let total = 0;
  const stageOf = looks.map((look) => {
    const canary = look.canary?.requests ?? 0;
    const both = canary + (look.stable?.requests ?? 0);
    if (total > 0 && both > 0 && splitMoved(canaryTotal, total, canary, both)) {
      stage += 1;
      canaryTotal = 0;
      total = 0;
    }
    canaryTotal += canary;
    total += both;
    return stage;
  });
  return { stageOf, weights: looks.length === 0 ? [] : Array.from({ length: stage + 1 }, () => null) };
}

function splitMoved(stageCanary: number, stageTotal: number, lookCanary: number, lookTotal: number): boolean {
  const stageShare = stageCanary / stageTotal;
  const lookShare = lookCanary / lookTotal;
  const pooled = (stageCanary + lookCanary) / (stageTotal + lookTotal);
  const standardError = Math.sqrt(pooled * (1 - pooled) * (1 / stageTotal + 1 / lookTotal));
  const [low, high] = insideFactor;
  return (
    Math.abs(lookShare - stageShare) > standardErrors * standardError &&
    (lookShare < low * stageShare || lookShare > high * stageShare)
  );
}
