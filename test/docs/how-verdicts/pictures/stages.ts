import { scaleLinear, scalePow } from 'd3-scale';
import { defaultPolicy } from '../../../../src/judge/index.js';
import type { ArmCounts } from '../../../../src/domain/observations.js';
import { Draw } from '../../../support/simulation/draw.js';
import {
  axes,
  curve,
  label,
  level,
  stretch,
  ticks,
  panelAt,
  type Point,
} from '../../../support/drawing/panel.js';
import { armCounts } from '../../../support/simulation/arm-counts.js';
import type { Picture } from './picture.js';
import { observationsOf, verdictsAfterEachLook } from './simulated.js';
import { svg } from '../../../support/drawing/svg.js';

const weights = [0.05, 0.25, 0.5];
const minutesPerStage = 15;
const requestsPerMinute = 3000;
const shares = new Array<number>(10).fill(0.1);
const edges = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** A healthy journey over three weights: what has to be proven anew at each, and what carries over. */
export function stagesPicture(): Picture {
  const draw = new Draw('stages/2');
  const arm = (requests: number): ArmCounts => {
    const errors = draw.binomial(requests, 0.003);
    const counts = draw.multinomial(requests - errors, shares);
    return armCounts({ requests, errors, scores: { edges, counts } });
  };
  const looks = weights.flatMap((weight) =>
    Array.from({ length: minutesPerStage }, () => ({
      weight,
      canary: arm(Math.round(requestsPerMinute * weight)),
      stable: arm(Math.round(requestsPerMinute * (1 - weight))),
    })),
  );
  const observations = observationsOf(looks);
  const policy = defaultPolicy();
  const evidence = (guardrail: string) =>
    verdictsAfterEachLook(policy, observations, guardrail).map((verdict, index): Point => [
      index + 1,
      verdict.evidence.promote ?? 0,
    ]);
  const errors = verdictsAfterEachLook(policy, observations, 'error-rate');
  const firstPromotes = weights.map(
    (_, stage) =>
      errors.findIndex(({ verdict }, index) => index >= stage * minutesPerStage && verdict === 'promote') +
      1 -
      stage * minutesPerStage,
  );
  const minutes = weights.length * minutesPerStage;
  const panel = panelAt(
    { left: 88, right: 600, top: 34, bottom: 214 },
    scaleLinear().domain([0, minutes]),
    scalePow()
      .exponent(1 / 3)
      .domain([-1, 450]),
  );
  const inStage = (points: readonly Point[], stage: number) =>
    points.slice(stage * minutesPerStage, (stage + 1) * minutesPerStage);
  const drift = evidence('prediction-drift');
  const failures = evidence('error-rate');
  const title = 'What carries over to the next weight';
  return {
    name: 'stages',
    title,
    svg: svg({
      title,
      description:
        'Promote evidence over 45 minutes at 5, 25 and 50 % of the traffic. That of the error rate begins at 1 to 1 at each weight and climbs faster each time. That of prediction drift goes on where it was. The minutes after each change are shaded as warm-up.',
      width: 640,
      height: 262,
      body: [
        stretch(panel, 0, 2),
        ...weights
          .slice(1)
          .map((_, index) =>
            stretch(panel, (index + 1) * minutesPerStage, (index + 1) * minutesPerStage + 1),
          ),
        ...axes(
          panel,
          'evidence that would promote',
          ticks([0, 15, 30, 45], (value) => (value === 45 ? '45 min' : String(value))),
          [
            { at: 0, text: '1:1' },
            ...[6, 50, 150].map((zeros) => ({ at: zeros * Math.LN10, text: `10^${zeros}:1` })),
          ],
        ),
        ...level(panel, Math.log(20), '20:1', 'ink'),
        curve(panel, drift, { ink: 'other', dash: '6 3' }),
        ...weights.map((_, stage) => curve(panel, inStage(failures, stage), { ink: 'promote', width: 2.25 })),
        ...weights.map((weight, stage) =>
          label(
            panel.x((stage + 0.5) * minutesPerStage),
            panel.bottom + 34,
            `weight ${100 * weight} %`,
            'faint',
            'middle',
          ),
        ),
        label(panel.x(1), panel.y(120), 'prediction drift (dashed)', 'other', 'start', 'bold'),
        label(panel.x(9), panel.y(0.5), 'error rate', 'promote', 'start', 'bold'),
      ],
    }),
    caption: `50 requests per second, healthy throughout. The error rate is promoted ${firstPromotes[0] ?? ''} minutes after the start at 5 %, and ${firstPromotes[1] ?? ''} and ${firstPromotes[2] ?? ''} minutes after the changes to 25 % and 50 %: it has to be proven under each load, in two looks at least. Shaded: warm-up.`,
  };
}
