import { scaleLinear } from 'd3-scale';
import { formatOdds } from '../../../../src/domain/units.js';
import { defaultPolicy } from '../../../../src/judge/index.js';
import { Draw } from '../../../support/simulation/draw.js';
import { axes, curve, label, level, ticks, panelAt, type Point } from '../../../support/drawing/panel.js';
import { oddsTicks, type Picture } from './picture.js';
import {
  errorsOnly,
  evidenceOfEveryRequest,
  evidencePoints,
  observationsOf,
  verdictsAfterEachLook,
} from './simulated.js';
import { element, svg } from '../../../support/drawing/svg.js';

const minutes = 60;
const [canaryRequests, stableRequests] = [150, 2850];
const correlation = 0.03;

/** A healthy canary whose errors come in bursts, as stable's do: evidence as for independent requests, and tempered. */
export function burstsPicture(): Picture {
  const draw = new Draw('bursts/4');
  const burst = (requests: number) =>
    errorsOnly(requests, draw.binomial(requests, draw.correlatedRate(0.003, correlation)));
  const before = Array.from({ length: 30 }, () => burst(stableRequests));
  const looks = Array.from({ length: minutes }, () => ({
    weight: 0.05,
    canary: burst(canaryRequests),
    stable: burst(stableRequests),
  }));
  const observations = observationsOf(looks, before);
  const verdicts = verdictsAfterEachLook(defaultPolicy(), observations, 'error-rate');
  const untempered = evidenceOfEveryRequest(observations);
  const tempered = evidencePoints(verdicts, 'rollback');
  const highest = (points: readonly Point[]) =>
    formatOdds(Math.max(...points.map(([, evidence]) => evidence)));
  const dispersion = verdicts.at(-1)?.details['dispersion'];
  const factor =
    typeof dispersion === 'object' &&
    dispersion !== null &&
    'rollback' in dispersion &&
    typeof dispersion.rollback === 'number'
      ? dispersion.rollback
      : NaN;
  const mostErrors = Math.max(...looks.map(({ canary }) => canary.errors));
  const above = panelAt(
    { left: 88, right: 600, top: 34, bottom: 102 },
    scaleLinear().domain([0, minutes]),
    scaleLinear().domain([0, mostErrors]),
  );
  const below = panelAt(
    { left: 88, right: 600, top: 144, bottom: 264 },
    scaleLinear().domain([0, minutes]),
    scaleLinear().domain([Math.log(0.3), Math.log(1e6)]),
  );
  const errors = looks.reduce((total, { canary }) => total + canary.errors, 0);
  const rolledBack = verdicts.filter(({ verdict }) => verdict === 'rollback').length;
  const { x } = above;
  const title = 'Errors that come in bursts';
  return {
    name: 'bursts',
    title,
    svg: svg({
      title,
      description:
        'Above, the errors of each minute: mostly none, and a few high bars. Below, two curves of evidence against the canary. Taken for independent requests it jumps beyond 80 to 1; divided by the dispersion that stable shows it stays below.',
      width: 640,
      height: 312,
      body: [
        ...axes(above, "the canary's errors in each minute", [], ticks([0, mostErrors])),
        ...looks.map(({ canary }, index) =>
          element('rect', {
            class: 'ink',
            x: x(index + 0.15),
            width: x(0.7) - x(0),
            y: above.y(canary.errors),
            height: above.bottom - above.y(canary.errors),
          }),
        ),
        ...axes(
          below,
          'evidence against "0.5 % or less"',
          ticks([0, 10, 20, 30, 40, 50, 60], (value) => (value === 60 ? '60 min' : String(value))),
          oddsTicks([1, 1000, 1_000_000]),
        ),
        ...level(below, Math.log(80), '80:1', 'ink'),
        curve(below, untempered, { ink: 'rollback', dash: '6 3' }),
        curve(below, tempered, { ink: 'promote', width: 2.25 }),
        label(below.x(48), below.top + 18, 'as if every request were on its own', 'rollback', 'end', 'bold'),
        label(below.x(49), below.y(Math.log(3)), 'tempered', 'promote', 'end', 'bold'),
      ],
    }),
    caption: `A healthy canary: ${errors} of ${(minutes * canaryRequests).toLocaleString('en-US')} requests fail, in bursts (requests of a minute correlated by ${correlation}), like those of the stable version. As if every request were on its own, the odds against it would reach ${highest(untempered)}. Stable's counts vary ${factor.toPrecision(2)} times as much as independent ones would at the canary's size; divided by that, the odds stay at ${highest(tempered)} or less${rolledBack === 0 ? ', and the canary is not rolled back' : ''}.`,
  };
}
