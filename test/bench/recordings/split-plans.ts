import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { TrafficPlan } from './recorded-traffic.js';

export const seed = 20130901;
export const splits = 200;

/** Judges are asked once the canary has had this many requests. */
export const firstAsked = 10;

/** How many recorded looks are cut; with the warm-up of two, the first judged look is among them. */
export const cutLooks = 3;

/** How the champion's requests are split. */
export interface SplitPlan extends TrafficPlan {
  readonly name: string;
  readonly title: string;
  readonly weights: readonly { readonly fromLook: number; readonly weight: number }[];
}

function splitPlan(plan: Pick<SplitPlan, 'name' | 'title' | 'weights' | 'parts'>): SplitPlan {
  return { ...plan, cutLooks, weightOf: (look) => weightAt(plan.weights, look) };
}

/** Parts of a look are chosen so that the canary gets about eleven requests in each on average. */
export const splitPlans: readonly SplitPlan[] = [
  splitPlan({
    name: 'stages',
    title: '5 %, 25 %, 50 %',
    weights: [
      { fromLook: 1, weight: 0.05 },
      { fromLook: 21, weight: 0.25 },
      { fromLook: 41, weight: 0.5 },
    ],
    parts: 6,
  }),
  splitPlan({
    name: 'constant',
    title: '10 % throughout',
    weights: [{ fromLook: 1, weight: 0.1 }],
    parts: 12,
  }),
];

export function weightAt(weights: SplitPlan['weights'], look: number): number {
  return weights.filter(({ fromLook }) => fromLook <= look).at(-1)?.weight ?? 0;
}

/** Whether the canary serves a request: independent draws, its own stretch of random numbers for every split. */
export function routing(table: number, split: number): (weight: number) => boolean {
  const random = xoroshiro128plus(seed + table);
  for (let jumps = 0; jumps < split; jumps++) random.jump();
  return (weight) => uniformFloat64(random) < weight;
}
