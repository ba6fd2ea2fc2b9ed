import { scaleLinear } from 'd3-scale';
import { defaultPolicy } from '../../../../src/judge/index.js';
import { binomialEvidence } from '../../../../src/statistics/binomial-evidence.js';
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
  errorRateBets,
  errorsOnly,
  evidencePoints,
  firstLook,
  observationsOf,
  verdictsAfterEachLook,
} from './simulated.js';
import { svg } from '../../../support/drawing/svg.js';

const minutes = 60;
const onset = 30;
const [canaryRequests, stableRequests] = [150, 2850];

/** Half an hour of health, then 2 % errors: evidence since the start, and evidence that the fault began at some look. */
export function lateFaultPicture(): Picture {
  const draw = new Draw('late-fault/3');
  const looks = Array.from({ length: minutes }, (_, index) => ({
    weight: 0.05,
    canary: errorsOnly(canaryRequests, draw.binomial(canaryRequests, index < onset ? 0.003 : 0.02)),
    stable: errorsOnly(stableRequests, draw.binomial(stableRequests, 0.003)),
  }));
  const verdicts = verdictsAfterEachLook(defaultPolicy(), observationsOf(looks), 'error-rate');
  let [errors, requests] = [0, 0];
  const sinceStart = looks.map(({ canary }, index): Point => {
    if (index >= 2) [errors, requests] = [errors + canary.errors, requests + canary.requests];
    return [index + 1, binomialEvidence(errors, requests, 0.005, errorRateBets)];
  });
  const mixture = evidencePoints(verdicts, 'rollback');
  const rolledBack = firstLook(verdicts, 'rollback');
  const plain = sinceStart.find(([, evidence]) => evidence >= Math.log(80))?.[0];
  const window = verdicts[rolledBack - 1]?.details['window'];
  const windowStart =
    typeof window === 'object' && window !== null && 'look' in window && typeof window.look === 'number'
      ? window.look
      : NaN;
  const panel = panelAt(
    { left: 88, right: 600, top: 34, bottom: 212 },
    scaleLinear().domain([0, minutes]),
    scaleLinear().domain([Math.log(1e-9), Math.log(1e9)]),
  );
  const title = 'A fault that begins late';
  return {
    name: 'late-fault',
    title,
    svg: svg({
      title,
      description:
        'Evidence against a healthy canary over an hour. Summed up since the start it sinks for half an hour and needs long to climb back. With an unknown start it waits near 1 to 1 and crosses 80 to 1 a few minutes after the fault begins.',
      width: 640,
      height: 260,
      body: [
        stretch(panel, onset, minutes),
        label(594, panel.bottom - 6, '2 % of the requests fail', 'faint', 'end'),
        ...axes(
          panel,
          'evidence against "0.5 % or less"',
          ticks([0, 10, 20, 30, 40, 50, 60], (value) => (value === 60 ? '60 min' : String(value))),
          [{ at: Math.log(1e-6), text: '1/1,000,000' }, ...oddsTicks([1, 1_000_000])],
        ),
        ...level(panel, Math.log(80), '80:1', 'ink'),
        curve(panel, sinceStart, { ink: 'other', dash: '6 3' }),
        curve(panel, mixture, { ink: 'rollback', width: 2.25 }),
        label(panel.x(20), panel.y(Math.log(1e-5)), 'since the start', 'other', 'start', 'bold'),
        label(panel.x(6), panel.y(Math.log(5)), 'with an unknown start', 'rollback', 'start', 'bold'),
        ...mark(
          panel,
          [rolledBack, verdicts[rolledBack - 1]?.evidence.rollback ?? 0],
          'roll back',
          'rollback',
        ),
      ],
    }),
    caption: `150 canary requests a minute, 0.3 % of them fail for ${onset} minutes, then 2 %. The judge rolls back in minute ${rolledBack}, on the window that begins with look ${windowStart}. Counted since the start, the same bets would need until minute ${plain ?? 'after 60'}.`,
  };
}
