import { scaleLinear, scaleSqrt } from 'd3-scale';
import { defaultPolicy } from '../../../../src/judge/index.js';
import { Draw } from '../../../support/simulation/draw.js';
import {
  axes,
  curve,
  label,
  level,
  mark,
  stretch,
  ticks,
  panelAt,
  type Point,
} from '../../../support/drawing/panel.js';
import { oddsTicks, type Picture } from './picture.js';
import {
  errorsOnly,
  evidenceOfEveryRequest,
  evidencePoints,
  observationsOf,
  verdictsAfterEachLook,
} from './simulated.js';
import { svg } from '../../../support/drawing/svg.js';

const minutes = 45;
const incident = [15, 18] as const;
const [canaryRequests, stableRequests] = [150, 2850];

/** A database is away for three minutes, and both versions fail: the looks are left out, and the promote waits. */
export function sharedIncidentPicture(): Picture {
  const draw = new Draw('shared-incident/1');
  const rate = (index: number) => (index >= incident[0] && index < incident[1] ? 0.3 : 0.003);
  const looks = Array.from({ length: minutes }, (_, index) => ({
    weight: 0.05,
    canary: errorsOnly(canaryRequests, draw.binomial(canaryRequests, rate(index))),
    stable: errorsOnly(stableRequests, draw.binomial(stableRequests, rate(index))),
  }));
  const before = Array.from({ length: 10 }, () => errorsOnly(3000, draw.binomial(3000, 0.003)));
  const observations = observationsOf(looks, before);
  const policy = defaultPolicy();
  const held = verdictsAfterEachLook(policy, observations, 'error-rate');
  const withAll = evidenceOfEveryRequest(observations);
  const again = held.findIndex(({ verdict }, index) => index >= incident[1] && verdict === 'promote') + 1;
  const rolledBack = withAll.find(([, evidence]) => evidence >= Math.log(80))?.[0] ?? NaN;
  const above = panelAt(
    { left: 88, right: 600, top: 34, bottom: 122 },
    scaleLinear().domain([0, minutes]),
    scaleSqrt().domain([0, 0.4]),
  );
  const below = panelAt(
    { left: 88, right: 600, top: 164, bottom: 272 },
    scaleLinear().domain([0, minutes]),
    scaleLinear().domain([Math.log(0.3), Math.log(1e4)]),
  );
  const rates = (arm: 'canary' | 'stable') =>
    looks.map((look, index): Point => [index + 0.5, look[arm].errors / look[arm].requests]);
  const { x } = above;
  const title = 'An incident that hits both versions';
  return {
    name: 'shared-incident',
    title,
    svg: svg({
      title,
      description:
        'Above, the error rates of both versions: about 0.3 %, and 30 % for three minutes. Below, the evidence against the canary. If these minutes counted it would shoot beyond 80 to 1; since they are left out it stays flat, and the promote waits for ten calm minutes.',
      width: 640,
      height: 320,
      body: [
        stretch(above, ...incident),
        ...axes(
          above,
          'error rate in each minute',
          [],
          ticks([0, 0.01, 0.1, 0.3], (value) => `${Math.round(100 * value)} %`),
        ),
        curve(above, rates('stable'), { ink: 'other', width: 2.25 }),
        curve(above, rates('canary'), { ink: 'ink', dash: '4 2' }),
        label(x(22), 60, 'stable', 'other', 'start', 'bold'),
        label(x(28), 60, 'canary (dashed)', 'ink', 'start', 'bold'),
        stretch(below, ...incident),
        ...axes(
          below,
          'evidence against the canary',
          ticks([0, 15, 30, 45], (value) => (value === 45 ? '45 min' : String(value))),
          oddsTicks([1, 80, 10_000]),
        ),
        ...level(below, Math.log(80), 'needed to roll back', 'ink'),
        curve(below, withAll, { ink: 'rollback', dash: '6 3' }),
        curve(below, evidencePoints(held, 'rollback'), { ink: 'promote', width: 2.25 }),
        label(x(19), below.top + 14, 'if these minutes counted', 'rollback', 'start', 'bold'),
        label(x(14), below.y(Math.log(2)), 'without them', 'promote', 'end', 'bold'),
        ...mark(below, [again, held[again - 1]?.evidence.rollback ?? 0], 'promote again', 'promote'),
      ],
    }),
    caption: `Both versions fail 30 % of their requests in minutes ${incident[0] + 1} to ${incident[1]}. If these minutes counted, the odds against the canary would pass 80:1 in minute ${rolledBack}. They are left out, nothing speaks against the canary, and a promote is possible again in minute ${again}.`,
  };
}
