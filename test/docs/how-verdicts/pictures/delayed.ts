import { scaleLinear } from 'd3-scale';
import { formatChange } from '../../../../src/domain/units.js';
import { defaultPolicy } from '../../../../src/judge/index.js';
import type { ArmCounts } from '../../../../src/domain/observations.js';
import { axes, curve, label, level, ticks, panelAt, type Point } from '../../../support/drawing/panel.js';
import { armCounts, yesOrNo } from '../../../support/simulation/arm-counts.js';
import type { Picture } from './picture.js';
import { observationsOf, verdictsAfterEachLook } from './simulated.js';
import { svg } from '../../../support/drawing/svg.js';

const minutes = 120;
const meanDelay = 10;
const rate = 0.05;
const [canaryRequests, stableRequests] = [150, 2850];

/** The share of the conversions of one minute's requests that have come in so many minutes later. */
const arrived = (after: number): number => (after <= 0 ? 0 : 1 - Math.exp(-after / meanDelay));

const arm = (requests: number, conversions: number): ArmCounts =>
  armCounts({ requests, outcomes: yesOrNo(requests, conversions) });

/** Two equal versions, conversions that take ten minutes: counted when they come, and with their requests. */
export function delayedPicture(): Picture {
  const looks = (canaryShare: (minute: number) => number) =>
    Array.from({ length: minutes }, (_, minute) => ({
      weight: 0.05,
      canary: arm(canaryRequests, canaryRequests * rate * canaryShare(minute)),
      stable: arm(stableRequests, stableRequests * rate),
    }));
  // Stable's conversions have long been coming in as fast as its requests; the canary's begin with its first request.
  const byArrival = observationsOf(looks((minute) => arrived(minute + 0.5)));
  const withRequests = observationsOf(looks(() => 1));
  const changes = (observations: typeof byArrival) =>
    verdictsAfterEachLook(defaultPolicy(), observations, 'business-proxy').flatMap(
      ({ estimate }, index): readonly Point[] => (estimate === null ? [] : [[index + 1, estimate]]),
    );
  const [arriving, joined] = [changes(byArrival), changes(withRequests)];
  const at = (minute: number) => formatChange(arriving.find(([when]) => when === minute)?.[1] ?? NaN);
  const panel = panelAt(
    { left: 56, right: 594, top: 34, bottom: 184 },
    scaleLinear().domain([0, minutes]),
    scaleLinear().domain([-0.85, 0.05]),
  );
  const title = 'Outcomes that come later';
  return {
    name: 'delayed',
    title,
    svg: svg({
      title,
      description:
        'The change of the conversion rate between two equal versions over two hours. Counted when they arrive, the canary seems to lose most of its conversions at first and still some of them after two hours. Counted with their requests there is no change at all.',
      width: 640,
      height: 230,
      body: [
        ...axes(
          panel,
          'change of the conversion rate, canary against stable',
          ticks([0, 30, 60, 90, 120], (value) => (value === 120 ? '120 min' : String(value))),
          ticks([-0.75, -0.5, -0.25, 0], (value) => `${Math.round(100 * value)} %`),
        ),
        ...level(panel, -0.03, '', 'rollback'),
        curve(panel, arriving, { ink: 'rollback', width: 2.25 }),
        curve(panel, joined, { ink: 'promote', width: 2.25 }),
        label(panel.x(34), panel.y(-0.42), 'counted when they arrive', 'rollback', 'start', 'bold'),
        label(panel.x(8), panel.y(-0.11), 'counted with their requests', 'promote', 'start', 'bold'),
      ],
    }),
    caption: `Two equal versions; a conversion takes ten minutes on average (expected counts, no chance in it). Counted when they arrive, the canary's change reads ${at(10)} after 10 minutes, ${at(60)} after an hour and ${at(120)} after two (dashed: the limit of -3 %).`,
  };
}
