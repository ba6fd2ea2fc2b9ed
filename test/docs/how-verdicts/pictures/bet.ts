import { scaleLinear } from 'd3-scale';
import { formatOdds } from '../../../../src/domain/units.js';
import { binomialLogLikelihoodRatio } from '../../../../src/statistics/binomial-evidence.js';
import { Draw } from '../../../support/simulation/draw.js';
import { axes, curve, label, level, ticks, panelAt, type Point } from '../../../support/drawing/panel.js';
import { oddsTicks, type Picture } from './picture.js';
import { svg } from '../../../support/drawing/svg.js';

const requests = 600;
const nullRate = 0.005;
const bet = 0.02;

/** What is left of a stake of 1 that was put on "2 % of its requests fail" at evens with "0.5 % fail". */
function fortune(name: string, rate: number): { readonly points: readonly Point[]; readonly errors: number } {
  const draw = new Draw(name);
  let errors = 0;
  const points: Point[] = [[0, 0]];
  for (let served = 1; served <= requests; served++) {
    errors += draw.binomial(1, rate);
    points.push([served, binomialLogLikelihoodRatio(errors, served, nullRate, bet)]);
  }
  return { points, errors };
}

/** An e-value as the fortune of somebody who bets that the canary is bad. */
export function betPicture(): Picture {
  const healthy = fortune('bet/healthy/1', 0.003);
  const failing = fortune('bet/failing/1', 0.02);
  const last = ({ points }: typeof healthy) => points.at(-1)?.[1] ?? 0;
  const reached = failing.points.find(([, evidence]) => evidence >= Math.log(80))?.[0] ?? requests;
  const panel = panelAt(
    { left: 88, right: 600, top: 34, bottom: 212 },
    scaleLinear().domain([0, requests]),
    scaleLinear().domain([Math.log(1e-4), Math.log(1e6)]),
  );
  const title = 'A bet that the canary is bad';
  return {
    name: 'bet',
    title,
    svg: svg({
      title,
      description:
        'Two curves of a fortune that begins at 1. On a healthy canary it falls request by request. On a canary of which two requests in a hundred fail it rises in jumps and crosses 80 to 1.',
      width: 640,
      height: 260,
      body: [
        ...axes(
          panel,
          'the fortune of somebody who bets 2 % against 0.5 %',
          ticks([0, 100, 200, 300, 400, 500, 600]),
          [
            { at: Math.log(0.0001), text: '1/10,000' },
            { at: Math.log(0.01), text: '1/100' },
            ...oddsTicks([1, 100, 10_000, 1_000_000]),
          ],
        ),
        label(600, 246, 'canary requests', 'faint', 'end'),
        ...level(panel, Math.log(80), '80:1', 'ink'),
        curve(panel, healthy.points, { ink: 'promote' }),
        curve(panel, failing.points, { ink: 'rollback' }),
        label(520, 190, 'healthy, 0.3 %', 'promote', 'end', 'bold'),
        label(330, 60, 'failing, 2 %', 'rollback', 'start', 'bold'),
      ],
    }),
    caption: `Every request that is answered takes 1.5 % of the fortune, every one that fails multiplies it by 4. The healthy canary fails ${healthy.errors} of ${requests} requests and leaves ${Math.exp(last(healthy)).toPrecision(1)} of the stake. The other one fails ${failing.errors}, is beyond 80:1 at request ${reached} and at ${formatOdds(last(failing))} in the end.`,
  };
}
