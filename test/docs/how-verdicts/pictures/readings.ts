import { scaleLinear } from 'd3-scale';
import { formatOdds } from '../../../../src/domain/units.js';
import { defaultPolicy } from '../../../../src/judge/index.js';
import { Draw } from '../../../support/simulation/draw.js';
import { axes, curve, label, level, mark, stretch, ticks, panelAt } from '../../../support/drawing/panel.js';
import { oddsTicks, type Picture } from './picture.js';
import { errorsOnly, evidencePoints, firstLook, observationsOf, verdictsAfterEachLook } from './simulated.js';
import { element, svg } from '../../../support/drawing/svg.js';

const minutes = 60;
const rate = 0.003;
const [canaryRequests, stableRequests] = [30, 570];

/** One healthy canary at 10 requests per second: its error rate minute by minute, and what the judge knows. */
export function readingsPicture(): Picture {
  const draw = new Draw('readings/8');
  const looks = Array.from({ length: minutes }, () => ({
    weight: 0.05,
    canary: errorsOnly(canaryRequests, draw.binomial(canaryRequests, rate)),
    stable: errorsOnly(stableRequests, draw.binomial(stableRequests, rate)),
  }));
  const verdicts = verdictsAfterEachLook(defaultPolicy(), observationsOf(looks), 'error-rate');
  const readings = looks.map(({ canary }) => canary.errors / canary.requests);
  const breaches = readings.filter((reading) => reading > 0.01).length;
  const promoted = firstLook(verdicts, 'promote');
  const against = Math.max(...verdicts.map(({ evidence }) => evidence.rollback ?? -Infinity));
  const above = panelAt(
    { left: 64, right: 594, top: 34, bottom: 112 },
    scaleLinear().domain([0, minutes]),
    scaleLinear().domain([0, 0.05]),
  );
  const below = panelAt(
    { left: 64, right: 594, top: 158, bottom: 290 },
    scaleLinear().domain([0, minutes]),
    scaleLinear().domain([Math.log(0.2), Math.log(400)]),
  );
  const { x } = above;
  const title = 'One healthy canary, two ways to look at it';
  return {
    name: 'readings',
    title,
    svg: svg({
      title,
      description:
        'Above, the error rate of each minute as bars: mostly 0, and now and then 3 or 7 %, far above the limit of 1 %. Below, the evidence over the same minutes: that against a healthy canary stays flat near 1 to 1, that against a bad one climbs until it crosses 20 to 1.',
      width: 640,
      height: 322,
      body: [
        ...axes(
          above,
          'error rate of the last minute (dashed: roll back above 1 %)',
          [],
          ticks([0, 0.025, 0.05], (value) => `${100 * value} %`),
        ),
        ...readings.flatMap((reading, index) =>
          reading === 0
            ? []
            : [
                element('rect', {
                  class: 'rollback',
                  x: x(index + 0.1),
                  width: x(0.8) - x(0),
                  y: above.y(reading),
                  height: above.bottom - above.y(reading),
                }),
              ],
        ),
        ...level(above, 0.01, '', 'ink'),
        stretch(below, 0, 2),
        label(below.x(0) + 3, below.bottom - 5, 'warm-up', 'faint'),
        ...axes(
          below,
          'evidence of all minutes so far',
          ticks([0, 10, 20, 30, 40, 50, 60], (value) => (value === 60 ? '60 min' : String(value))),
          oddsTicks([1, 3, 20, 80]),
        ),
        ...level(below, Math.log(80), 'needed to roll back', 'rollback', 'left'),
        ...level(below, Math.log(20), 'needed to promote', 'promote', 'left'),
        curve(below, evidencePoints(verdicts, 'promote'), { ink: 'promote', width: 2.25 }),
        curve(below, evidencePoints(verdicts, 'rollback'), { ink: 'rollback', width: 2.25 }),
        ...mark(below, [promoted, verdicts[promoted - 1]?.evidence.promote ?? 0], 'promote', 'promote', true),
      ],
    }),
    caption: `10 requests per second, 5 % of them to the canary, 0.3 % of them fail. In ${breaches} of ${minutes} minutes the reading is above 1 %: a threshold rolls back in minute ${readings.findIndex((reading) => reading > 0.01) + 1}. ${against > 0 ? `The odds against "healthy" (orange) are never above ${formatOdds(against)}` : 'The evidence against "healthy" (orange) never rises above even odds'}; that against "bad" (blue) reaches 20:1 in minute ${promoted}, and the canary is promoted.`,
  };
}
