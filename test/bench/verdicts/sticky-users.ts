import type { Draw } from '../../support/simulation/draw.js';
import { healthy } from './healthy.js';
import { predictionShares } from './prediction-shares.js';
import type { ArmRates, World } from './world.js';

const users = 200;
const ofCanary = 10;

/** Correlation of two scores of one user, and of two of their acceptances. */
const sameScores = 0.5;
const sameAcceptance = 0.1;

interface User {
  readonly predictions: readonly number[];
  readonly acceptance: number;
}

/** A healthy canary that is asked by the same few of 200 users all the time, each with a taste of their own. */
export function stickyUsers(draw: Draw): World {
  const all = Array.from({ length: users }, (): User => {
    const shift = Math.sqrt(sameScores) * draw.normal();
    return {
      predictions: predictionShares(shift, Math.sqrt(1 - sameScores)),
      acceptance: draw.correlatedRate(healthy.acceptance ?? 0, sameAcceptance),
    };
  });
  const chosen = new Set(draw.choose(ofCanary, users));
  const canary = meanOf(all.filter((_, index) => chosen.has(index)));
  const others = meanOf(all.filter((_, index) => !chosen.has(index)));
  const everybody = meanOf(all);
  return (look) => ({ canary, stable: look > 0 ? others : everybody });
}

function meanOf(some: readonly User[]): ArmRates {
  const mean = (figure: (user: User) => number) =>
    some.reduce((total, user) => total + figure(user), 0) / some.length;
  return {
    ...healthy,
    predictions: healthy.predictions.map((_, bin) => mean((user) => user.predictions[bin] ?? 0)),
    acceptance: mean((user) => user.acceptance),
  };
}
