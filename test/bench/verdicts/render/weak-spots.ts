import { rates } from '../plan.js';
import type { VerdictQuality } from '../results.js';
import { cellOf } from './figures-of.js';
import { list, percent } from '../../../support/pages/share-words.js';
import { minutes } from './words.js';

/** What the figures say against the judge, in words that take their numbers from them. */
export function weakSpots(results: VerdictQuality): string {
  const share = (
    scenario: string,
    figure: 'everRolledBack' | 'firstPromoted',
    rate: number,
    judge?: string,
  ) => {
    const cell = cellOf(results, scenario, rate, judge);
    return percent(cell[figure] / cell.runs);
  };
  const atAllRates = (scenario: string, figure: 'everRolledBack' | 'firstPromoted') =>
    list(rates.map((rate) => share(scenario, figure, rate)));
  const median = (scenario: string, rate: number) =>
    minutes(cellOf(results, scenario, rate).medianMinutes).replace('>', 'over ');
  const medians = (scenario: string) => list(rates.map((rate) => median(scenario, rate)));
  const rps = `${list(rates.map(String))} requests per second`;
  return [
    `- **Bursts.** Where errors come in independent bursts of one version, the requests of a look are not independent, and that is what the stated rate assumes. A healthy canary is rolled back at some look in ${atAllRates('bursts-003', 'everRolledBack')} of the runs with a correlation of 0.03 (at ${rps}), and in ${atAllRates('bursts-010', 'everRolledBack')} with 0.1.`,
    `- **A canary that drags the stable version down, but rarely.** With 30 % errors in both versions every third look ${atAllRates('shared-every-third', 'firstPromoted')} are promoted (at ${rps}); every eighth look ${atAllRates('shared-every-eighth', 'firstPromoted')}; every sixteenth ${atAllRates('shared-every-sixteenth', 'firstPromoted')}. Nothing tells such a canary from one that sees somebody else's incidents, and ten calm looks after the first one a promote is possible again.`,
    `- **Between the thresholds** nothing is promised. With 0.7 % errors and no outcomes, at 50 requests per second, ${share('grey-zone-without-proxy', 'firstPromoted', 50)} are promoted first at a confidence of 0.95 and ${share('grey-zone-without-proxy', 'firstPromoted', 50, 'evidence-080')} at 0.8: a lower confidence on early steps is paid here.`,
    `- **Little traffic.** At 10 requests per second and 5 % the canary has 30 requests a minute. 2 % errors take ${median('errors-2', 10)} minutes at the median, a business change of −10 % ${median('proxy-10', 10)}, and ${share('healthy', 'firstPromoted', 10)} of the healthy canaries are promoted within the hour.`,
    `- **Sticky users.** When the same few users always get the canary, their tastes do not average out: ${atAllRates('sticky-users', 'everRolledBack')} of the healthy canaries are rolled back (at ${rps}). Declared as \`routing: sticky\`, it is ${atAllRates('sticky-users-declared', 'everRolledBack')}; drift and business proxy then never roll back by themselves, and what they promote has no stated rate.`,
    `- **Predictions that move.** While the predictions of both versions move from look to look, a PSI of 0.25 is found in ${medians('moving-psi-025')} minutes at the median, instead of ${medians('psi-025')}; where the mix of traffic jumps in every look, in ${medians('mix-jumps-psi-025')}.`,
    `- **Sessions.** Five near-identical predictions a session, routed whole, are fewer predictions than they seem: ${atAllRates('sessions', 'everRolledBack')} of the healthy canaries are rolled back, and a promote takes ${medians('sessions')} minutes at the median, instead of ${medians('healthy')}.`,
  ].join('\n');
}
