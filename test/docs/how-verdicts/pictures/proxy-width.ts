import { scaleLog } from 'd3-scale';
import { smallestWhole } from '../../../../src/statistics/bisect.js';
import { gaussianBets } from '../../../../src/statistics/gaussian-bets.js';
import { fiellerInterval } from '../../../../src/statistics/relative-change.js';
import {
  axes,
  curve,
  label,
  level,
  mark,
  ticks,
  panelAt,
  type Point,
} from '../../../support/drawing/panel.js';
import type { Picture } from './picture.js';
import { svg } from '../../../support/drawing/svg.js';

const stablePerCanary = 19;
const proxies = [
  { name: 'accepted answers, 60 %', rate: 0.6, ink: 'promote' },
  { name: 'conversions, 5 %', rate: 0.05, ink: 'other' },
] as const;
const sizes = Array.from({ length: 41 }, (_, index) => Math.round(100 * 10 ** (index / 10)));
const promoteAbove = -0.01;
const rollbackBelow = -0.03;

/** Half of the width of the interval of "no change". */
function halfWidth(rate: number, outcomes: number): number | undefined {
  const variance = rate * (1 - rate);
  const interval = fiellerInterval(
    { mean: rate, varianceOfMean: variance / outcomes },
    { mean: rate, varianceOfMean: variance / (stablePerCanary * outcomes) },
  );
  return interval === null ? undefined : (interval[1] - interval[0]) / 2;
}

/** Canary outcomes with which a proxy that has not changed at all is promoted. */
function outcomesToPromote(rate: number): number {
  const worst = 1 + rollbackBelow;
  const gap = promoteAbove - rollbackBelow;
  const perOutcome = ((1 - rate) / rate) * (1 + (worst * worst) / stablePerCanary);
  const enough = (outcomes: number) =>
    gaussianBets(-rollbackBelow, perOutcome / outcomes, [gap, 2 * gap]) >= Math.log(20);
  const found = smallestWhole(enough, 1e9);
  if (found === undefined) throw new RangeError('it is never promoted');
  return found;
}

/** How exactly the change of a business proxy is known, by the number of outcomes. */
export function proxyWidthPicture(): Picture {
  const panel = panelAt(
    { left: 56, right: 594, top: 34, bottom: 204 },
    scaleLog().domain([100, 1_000_000]),
    scaleLog().domain([0.003, 1]),
  );
  const curves = proxies.map(({ name, rate, ink }) => ({
    name,
    ink,
    needed: outcomesToPromote(rate),
    atNeeded: halfWidth(rate, outcomesToPromote(rate)) ?? NaN,
    points: sizes.flatMap((outcomes): readonly Point[] => {
      const half = halfWidth(rate, outcomes);
      return half === undefined || half > 1 ? [] : [[outcomes, half]];
    }),
  }));
  const [accepted, converted] = curves.map(({ needed }) => needed.toLocaleString('en-US'));
  const title = 'How exactly a business proxy is known';
  return {
    name: 'proxy-width',
    title,
    svg: svg({
      title,
      description:
        'Half the width of the 95 % interval of a relative change against the number of canary outcomes, on logarithmic scales. Both proxies fall in straight lines; that of rare conversions lies four to six times as high as that of accepted answers.',
      width: 640,
      height: 252,
      body: [
        ...axes(
          panel,
          'known within plus or minus',
          ticks([100, 1000, 10_000, 100_000, 1_000_000], (value) => value.toLocaleString('en-US')),
          ticks([0.01, 0.1, 1], (value) => `${Math.round(100 * value)} %`),
        ),
        label(594, 240, 'canary outcomes', 'faint', 'end'),
        ...level(panel, 0.03, 'a loss of 3 %', 'rollback'),
        ...curves.flatMap(({ name, ink, points, needed, atNeeded }, index) => [
          curve(panel, points, { ink, width: 2.25 }),
          label(
            panel.x(index === 0 ? 4000 : 12_000),
            panel.y(index === 0 ? 0.012 : 0.17),
            name,
            ink,
            index === 0 ? 'end' : 'start',
            'bold',
          ),
          ...mark(panel, [needed, atNeeded], needed.toLocaleString('en-US'), ink, true),
        ]),
      ],
    }),
    caption: `The dots are where a canary that has changed nothing is promoted (a loss of 3 % refuted at 20:1): ${accepted ?? ''} canary outcomes of the common kind, ${converted ?? ''} of the rare one. The noise is in the outcomes, whoever judges them.`,
  };
}
