import { scaleLinear } from 'd3-scale';
import { formatPercent } from '../../../../src/domain/units.js';
import { binomialEvidence } from '../../../../src/statistics/binomial-evidence.js';
import { Draw } from '../../../support/simulation/draw.js';
import { axes, curve, label, level, ticks, panelAt, type Point } from '../../../support/drawing/panel.js';
import type { Picture } from './picture.js';
import { errorRateBets } from './simulated.js';
import { svg } from '../../../support/drawing/svg.js';

const canaries = 2000;
const minutes = 120;
const perMinute = 150;
const rate = 0.005;

/** The fewest errors that a binomial test calls significant at 5 %. */
function criticalErrors(requests: number): number {
  let chance = (1 - rate) ** requests;
  let upTo = chance;
  let errors = 0;
  while (1 - upTo > 0.05) {
    chance *= ((requests - errors) / (errors + 1)) * (rate / (1 - rate));
    errors += 1;
    upTo += chance;
  }
  return errors + 1;
}

/** How many of many canaries at the promote threshold itself are called bad by minute, if asked every minute. */
export function peekingPicture(): Picture {
  const draw = new Draw('peeking/1');
  const critical = Array.from({ length: minutes }, (_, minute) => criticalErrors((minute + 1) * perMinute));
  const firstTested: number[] = [];
  const firstBet: number[] = [];
  for (let canary = 0; canary < canaries; canary++) {
    let errors = 0;
    let [tested, bet] = [Infinity, Infinity];
    for (let minute = 1; minute <= minutes; minute++) {
      errors += draw.binomial(perMinute, rate);
      if (errors >= (critical[minute - 1] ?? Infinity)) tested = Math.min(tested, minute);
      if (binomialEvidence(errors, minute * perMinute, rate, errorRateBets) >= Math.log(20))
        bet = Math.min(bet, minute);
    }
    firstTested.push(tested);
    firstBet.push(bet);
  }
  const shareBy = (first: readonly number[]) =>
    Array.from({ length: minutes }, (_, index): Point => [
      index + 1,
      first.filter((minute) => minute <= index + 1).length / canaries,
    ]);
  const [tests, bets] = [shareBy(firstTested), shareBy(firstBet)];
  const end = (points: readonly Point[]) => points.at(-1)?.[1] ?? 0;
  const panel = panelAt(
    { left: 56, right: 594, top: 34, bottom: 194 },
    scaleLinear().domain([0, minutes]),
    scaleLinear().domain([0, 0.4]),
  );
  const title = 'What reading it again costs';
  return {
    name: 'peeking',
    title,
    svg: svg({
      title,
      description:
        'The share of good canaries that were called bad at some minute so far. With a significance test at 5 % in every minute it climbs without end; with an e-value against 20 to 1 it stays below 5 %.',
      width: 640,
      height: 242,
      body: [
        ...axes(
          panel,
          'good canaries that were called bad at some minute so far',
          ticks([0, 30, 60, 90, 120], (value) => (value === 120 ? '120 min' : String(value))),
          ticks([0, 0.1, 0.2, 0.3, 0.4], (value) => `${Math.round(100 * value)} %`),
        ),
        ...level(panel, 0.05, '5 %', 'ink'),
        curve(panel, tests, { ink: 'rollback', width: 2.25 }),
        curve(panel, bets, { ink: 'promote', width: 2.25 }),
        label(300, panel.y(0.27), 'significance test at 5 %, every minute', 'rollback', 'end', 'bold'),
        label(300, panel.y(0.062), 'e-value of 20:1, every minute', 'promote', 'start', 'bold'),
      ],
    }),
    caption: `${canaries.toLocaleString('en-US')} simulated canaries whose error rate is 0.5 %, the largest that counts as good, ${perMinute} requests a minute. After two hours the exact binomial test has called ${formatPercent(end(tests), 2)} of them bad, the e-value ${formatPercent(end(bets), 2)}. Both promise 5 %; only one keeps it when it is read again.`,
  };
}
