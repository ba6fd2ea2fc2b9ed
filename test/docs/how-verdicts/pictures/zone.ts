import { scaleLog } from 'd3-scale';
import { area } from 'd3-shape';
import { smallestWhole } from '../../../../src/statistics/bisect.js';
import { binomialEvidence } from '../../../../src/statistics/binomial-evidence.js';
import { axes, label, level, ticks, panelAt, type Point } from '../../../support/drawing/panel.js';
import type { Picture } from './picture.js';
import { errorRateBets } from './simulated.js';
import { element, svg } from '../../../support/drawing/svg.js';

const promoteBets = [0.005, 0.003, 0.0015, 0.00025];
const sizes = Array.from({ length: 49 }, (_, index) => Math.round(100 * 10 ** (index / 16)));

/** The smallest share of errors in so many requests that is evidence enough, and beyond the gate. */
function rollbackShare(requests: number): number {
  const gate = 0.01 + 1.645 * Math.sqrt((0.01 * 0.99) / requests);
  for (let errors = 0; ; errors += requests / 20_000) {
    const enough = binomialEvidence(errors, requests, 0.005, errorRateBets) >= Math.log(80);
    if (enough && errors / requests > gate) return errors / requests;
  }
}

/** The largest one that is, undefined where not even 0 will do. */
function promoteShare(requests: number): number | undefined {
  for (let steps = 100; steps >= 0; steps--) {
    const errors = (steps * requests) / 20_000;
    if (binomialEvidence(errors, requests, 0.01, promoteBets) >= Math.log(20)) return errors / requests;
  }
  return undefined;
}

/** For every number of requests, the error rates at which the judge promotes, holds and rolls back. */
export function zonePicture(): Picture {
  const rollback = sizes.map((requests): Point => [requests, rollbackShare(requests)]);
  const promote = sizes.flatMap((requests): readonly Point[] => {
    const share = promoteShare(requests);
    return share === undefined ? [] : [[requests, share]];
  });
  const panel = panelAt(
    { left: 64, right: 594, top: 34, bottom: 230 },
    scaleLog().domain([100, 100_000]),
    scaleLog().domain([0.0005, 0.1]),
  );
  const { x, y } = panel;
  const inside = (value: number) => Math.min(panel.bottom, Math.max(panel.top, y(Math.max(value, 1e-6))));
  const region = (points: readonly Point[], edge: number, ink: string) =>
    element('path', {
      class: `area ${ink}`,
      'fill-opacity': '0.2',
      d:
        area<Point>()
          .x((point) => x(point[0]))
          .y0(edge)
          .y1((point) => inside(point[1]))
          .digits(1)(points) ?? '',
    });
  const at = (points: readonly Point[], requests: number) =>
    points.reduce((best, point) =>
      Math.abs(point[0] - requests) < Math.abs(best[0] - requests) ? point : best,
    );
  const firstPromote = smallestWhole((requests) => promoteShare(requests) !== undefined, 100_000) ?? NaN;
  const title = 'Estimate and evidence together';
  const percent = (value: number) => `${Number((100 * value).toPrecision(2))} %`;
  const share = (points: readonly Point[], requests: number) => percent(at(points, requests)[1]);
  return {
    name: 'zone',
    title,
    svg: svg({
      title,
      description:
        'Number of judged requests to the right, share of errors upwards, both on logarithmic scales. Above a falling curve the judge rolls back, below a rising one it promotes. The wide space of hold between them narrows with traffic to the strip from 0.5 to 1 %.',
      width: 640,
      height: 278,
      body: [
        ...axes(
          panel,
          'share of errors',
          ticks([100, 1000, 10_000, 100_000], (value) => value.toLocaleString('en-US')),
          ticks([0.001, 0.01, 0.1], (value) => `${Number((100 * value).toPrecision(3))} %`),
        ),
        label(594, 264, 'judged canary requests', 'faint', 'end'),
        region(rollback, panel.top, 'rollback'),
        region(promote, panel.bottom, 'promote'),
        ...level(panel, 0.01, 'roll back above 1 %', 'rollback'),
        ...level(panel, 0.005, 'promote below 0.5 %', 'promote'),
        label(420, 70, 'rollback', 'rollback', 'start', 'bold'),
        label(420, 212, 'promote', 'promote', 'start', 'bold'),
        label(120, y(0.0064), 'hold', 'ink', 'start', 'bold'),
      ],
    }),
    caption: `Three verdicts of an error rate that is judged as one stretch of requests. A rollback needs ${share(rollback, 316)} errors among 316 requests, ${share(rollback, 1000)} among 1,000 and ${share(rollback, 100_000)} among 100,000. A promote is possible from ${firstPromote} requests on, if none of them failed; among 1,000 at most ${share(promote, 1000)} may fail, and with much traffic every share below 0.5 % will do. The dashed lines are the decision table alone.`,
  };
}
