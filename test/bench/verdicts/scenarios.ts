import type { Draw } from '../../support/simulation/draw.js';
import { healthy } from './healthy.js';
import { predictionShares, shiftWithPsi } from './prediction-shares.js';
import type { Scenario } from './scenario.js';
import { stickyUsers } from './sticky-users.js';
import type { ArmRates, LookRates, World } from './world.js';

const looks = 60;
const usualWeight = 0.05;
const steps = [usualWeight, 0.25, 0.5];

const usual = {
  looks,
  onset: 1,
  earlierPromotes: 'kept',
  weightAt: () => usualWeight,
} satisfies Partial<Scenario>;

/** A step of 20 looks at each weight. */
const weightOfStep = (look: number): number => steps[Math.min(2, Math.floor((look - 1) / 20))] ?? usualWeight;

const both = (rates: ArmRates): LookRates => ({ canary: rates, stable: rates });

/** A fault of the canary alone, from a look on. */
const fault =
  (rates: Partial<ArmRates>, onset = 1, others: Partial<ArmRates> = {}) =>
  (): World => {
    const stable = { ...healthy, ...others };
    const faulty = { ...stable, ...rates };
    return (look) => ({ canary: look >= onset ? faulty : stable, stable });
  };

const incident: ArmRates = { ...healthy, errorRate: 0.3 };

/** A shared incident in some looks of the canary's life. */
const incidentWhen = (isIncident: (look: number) => boolean): World => {
  return (look) => both(look > 0 && isIncident(look) ? incident : healthy);
};

/** Both versions answer alike, with the hidden value moved by some shift. */
const moving = (shift: (look: number) => number): World => {
  return (look) => both({ ...healthy, predictions: predictionShares(shift(look)) });
};

const drifted = shiftWithPsi(0.25);

/**
 * Random steps of the hidden value that both versions share; the canary's may be shifted.
 *
 * @param memory how much of a look's place is kept in the next
 */
const restless = (draw: Draw, ofCanary: number, step: number, memory: number): World => {
  let shift = 0;
  return () => {
    shift = memory * shift + step * draw.normal();
    const rates = (moved: number): ArmRates => ({
      ...healthy,
      acceptance: undefined,
      predictions: predictionShares(moved),
    });
    return { canary: rates(shift + ofCanary), stable: rates(shift) };
  };
};

const bursts = (correlation: number) => (draw: Draw) => (): LookRates => {
  const burst = (): ArmRates => ({ ...healthy, errorRate: draw.correlatedRate(0.003, correlation) });
  return { canary: burst(), stable: burst() };
};

const dayLooks = 1440;

/** A canary that makes both versions fail in look 3 and every so many looks after it. */
const everyFewLooks = (word: string, period: number, told: string): Scenario => ({
  ...usual,
  name: `shared-every-${word}`,
  group: 'shared',
  title: `30 % errors in both, every ${word} look`,
  told: `Since the canary has traffic, ${told}`,
  right: 'rollback',
  begin: () => incidentWhen((look) => look % period === 3 % period),
});

/** Every scenario but the journeys, in the order of the document. */
export const scenarios: readonly Scenario[] = [
  {
    ...usual,
    name: 'healthy',
    group: 'healthy',
    title: 'healthy',
    told: 'Errors 0.3 %, p99 150 ms, predictions as before, acceptance 60 %: the same as the stable version.',
    right: 'promote',
    begin: () => () => both(healthy),
    lowerConfidence: true,
  },
  {
    ...usual,
    name: 'healthy-without-proxy',
    group: 'healthy',
    title: 'healthy, no business proxy',
    told: 'The same, and no outcomes are recorded.',
    right: 'promote',
    begin: () => () => both({ ...healthy, acceptance: undefined }),
    lowerConfidence: true,
  },
  {
    ...usual,
    name: 'slow-first-minute',
    group: 'healthy',
    title: 'healthy, slow first minute',
    told: 'A cold start: the p99 of the first look is 3 s, healthy from then on.',
    right: 'promote',
    begin: () => (look) => ({ canary: look === 1 ? { ...healthy, p99Ms: 3000 } : healthy, stable: healthy }),
  },
  {
    ...usual,
    name: 'errors-2',
    group: 'fault',
    title: '2 % errors',
    told: 'The canary fails 2 % of its requests.',
    right: 'rollback',
    begin: fault({ errorRate: 0.02 }),
  },
  {
    ...usual,
    name: 'errors-50',
    group: 'fault',
    title: '50 % errors',
    told: 'The canary fails half of its requests.',
    right: 'rollback',
    begin: fault({ errorRate: 0.5 }),
  },
  {
    ...usual,
    name: 'p99-700',
    group: 'fault',
    title: 'p99 700 ms',
    told: "The canary's request times are 4.7 times the stable version's.",
    right: 'rollback',
    begin: fault({ p99Ms: 700 }),
  },
  {
    ...usual,
    name: 'psi-025',
    group: 'fault',
    title: 'PSI 0.25',
    told: "The canary's scores are shifted to a PSI of 0.25.",
    right: 'rollback',
    begin: fault({ predictions: predictionShares(drifted) }),
  },
  {
    ...usual,
    name: 'proxy-10',
    group: 'fault',
    title: 'proxy −10 %',
    told: "Of the canary's answers 54 % are accepted instead of 60 %.",
    right: 'rollback',
    begin: fault({ acceptance: 0.54 }),
  },
  {
    ...usual,
    name: 'grey-zone',
    group: 'fault',
    title: 'grey zone: 0.7 % errors',
    told: 'The canary fails 0.7 % of its requests: between promote below 0.5 % and rollback above 1 %.',
    right: 'hold',
    begin: fault({ errorRate: 0.007 }),
    lowerConfidence: true,
  },
  {
    ...usual,
    name: 'grey-zone-without-proxy',
    group: 'fault',
    title: 'grey zone, no business proxy',
    told: 'The same, and no outcomes are recorded, so that nothing else keeps a promote back.',
    right: 'hold',
    begin: fault({ errorRate: 0.007 }, 1, { acceptance: undefined }),
    lowerConfidence: true,
  },
  {
    ...usual,
    name: 'late-onset',
    group: 'late',
    title: '2 % errors after 30 healthy minutes',
    told: 'Healthy in looks 1 to 30, 2 % errors from look 31 on; minutes are counted from there. A canary that was promoted before is watched on, and not wrongly promoted: it was healthy.',
    right: 'rollback',
    looks: 30 + looks,
    onset: 31,
    begin: fault({ errorRate: 0.02 }, 31),
  },
  {
    ...usual,
    name: 'second-stage',
    group: 'late',
    title: '2 % errors with the second stage',
    told: 'Healthy at 5 % for 20 looks; at 25 %, from look 21 on, 2 % errors; minutes are counted from there, and so is a promote.',
    right: 'rollback',
    looks: 20 + looks,
    onset: 21,
    earlierPromotes: 'first-step',
    weightAt: (look) => (look <= 20 ? usualWeight : 0.25),
    begin: fault({ errorRate: 0.02 }, 21),
  },
  {
    ...usual,
    name: 'shared-incident',
    group: 'shared',
    title: 'incident of three minutes, both versions',
    told: '30 % errors in both versions in three looks that begin anywhere between look 1 and look 55; the canary is healthy.',
    right: 'promote',
    begin: (draw) => {
      const first = draw.between(1, 55);
      return incidentWhen((look) => look >= first && look < first + 3);
    },
  },
  {
    ...usual,
    name: 'shared-drift',
    group: 'shared',
    title: 'shared drift over 5, 25, 50 %',
    told: 'The predictions of both versions drift alike by one standard deviation in the hour; the weight is 5, 25 and 50 % for 20 looks each.',
    right: 'promote',
    weightAt: weightOfStep,
    begin: () => moving((look) => Math.max(0, look) / looks),
  },
  {
    ...usual,
    name: 'day-and-night',
    group: 'shared',
    title: 'day and night',
    told: 'The predictions of both versions swing alike by one standard deviation to either side in 24 hours; the canary begins at any hour.',
    right: 'promote',
    begin: (draw) => {
      const phase = draw.uniform();
      return moving((look) => Math.sin(2 * Math.PI * (look / dayLooks + phase)));
    },
  },
  {
    ...usual,
    name: 'moving',
    group: 'shared',
    title: 'predictions that move, no proxy',
    told: 'The predictions of both versions move alike by a random step each look, of a tenth of their standard deviation, and back towards their mean. No outcomes are recorded.',
    right: 'promote',
    begin: (draw) => restless(draw, 0, 0.1, 0.9),
  },
  {
    ...usual,
    name: 'moving-psi-025',
    group: 'shared',
    title: 'the same with PSI 0.25',
    told: "The same movement, and the canary's scores are shifted against the stable version's as in PSI 0.25.",
    right: 'rollback',
    begin: (draw) => restless(draw, drifted, 0.1, 0.9),
  },
  {
    ...usual,
    name: 'mix-jumps',
    group: 'shared',
    title: 'a mix of traffic that jumps, no proxy',
    told: 'In every look the predictions of both versions lie somewhere else, alike, by three tenths of their standard deviation: another mix of callers each minute. No outcomes are recorded.',
    right: 'promote',
    begin: (draw) => restless(draw, 0, 0.3, 0),
  },
  {
    ...usual,
    name: 'mix-jumps-psi-025',
    group: 'shared',
    title: 'the same with PSI 0.25',
    told: "The same jumps, and the canary's scores are shifted against the stable version's as in PSI 0.25.",
    right: 'rollback',
    begin: (draw) => restless(draw, drifted, 0.3, 0),
  },
  everyFewLooks(
    'third',
    3,
    'both versions fail 30 % in look 3 and every third look after it: it drags the stable version down.',
  ),
  everyFewLooks('eighth', 8, 'both versions fail 30 % in look 3 and every eighth look after it.'),
  everyFewLooks('sixteenth', 16, 'both versions fail 30 % in look 3 and every sixteenth look after it.'),
  {
    ...usual,
    name: 'bursts-003',
    group: 'unlike-the-assumptions',
    title: 'bursty errors, icc 0.03',
    told: 'Healthy on average, but the error rate of each version is drawn anew each look: errors of one look are correlated by 0.03.',
    right: 'promote',
    begin: bursts(0.03),
  },
  {
    ...usual,
    name: 'bursts-010',
    group: 'unlike-the-assumptions',
    title: 'bursty errors, icc 0.1',
    told: 'The same with a correlation of 0.1.',
    right: 'promote',
    begin: bursts(0.1),
  },
  {
    ...usual,
    name: 'sessions',
    group: 'unlike-the-assumptions',
    title: 'sessions of five, routed whole',
    told: 'Healthy; predictions come five alike at a time, and a session stays with one version.',
    right: 'promote',
    begin: () => () => ({ ...both(healthy), sessions: { requests: 5, routing: 'whole' } }),
  },
  {
    ...usual,
    name: 'sessions-routed-singly',
    group: 'unlike-the-assumptions',
    title: 'sessions of five, routed singly',
    told: 'Healthy; predictions come five alike at a time, and each request of a session is routed by itself.',
    right: 'promote',
    begin: () => () => ({ ...both(healthy), sessions: { requests: 5, routing: 'single' } }),
  },
  {
    ...usual,
    name: 'sticky-users',
    group: 'unlike-the-assumptions',
    title: 'sticky users',
    told: 'Healthy; 200 users with scores and acceptance of their own, ten of whom always get the canary. Nobody said so.',
    right: 'promote',
    begin: stickyUsers,
  },
  {
    ...usual,
    name: 'sticky-users-declared',
    group: 'unlike-the-assumptions',
    title: 'sticky users, declared',
    told: 'The same streams, with `routing: sticky` in the observations.',
    right: 'promote',
    routing: 'sticky',
    drawsOf: 'sticky-users',
    begin: stickyUsers,
  },
];

/** @throws RangeError where there is no such scenario */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found === undefined) {
    const known = scenarios.map((scenario) => scenario.name).join(', ');
    throw new RangeError(`expected a scenario (${known}), got "${name}"`);
  }
  return found;
}
