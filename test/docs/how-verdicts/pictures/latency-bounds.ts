import { scaleLinear } from 'd3-scale';
import { bucketQuantile, type Interpolation } from '../../../../src/statistics/bucket-quantile.js';
import { lognormalTails } from '../../../../src/statistics/lognormal-tails.js';
import { label, panelAt } from '../../../support/drawing/panel.js';
import type { Picture } from './picture.js';
import { element, svg } from '../../../support/drawing/svg.js';

const truth = 150;
const histograms = [
  { name: 'bounds 100, 250, 500', bounds: [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000] },
  { name: 'bounds 100, 200, 500', bounds: [5, 10, 25, 50, 100, 200, 500, 1000, 2500, 5000, 10_000] },
] as const;
const interpolations: readonly Interpolation[] = ['linear', 'exponential'];

function reading(bounds: readonly number[], interpolation: Interpolation): number {
  const above = lognormalTails(bounds, 0.99, truth, 1);
  const counts = [...above, 0].map((tail, index) => (index === 0 ? 1 : (above[index - 1] ?? 0)) - tail);
  const quantile = bucketQuantile(bounds, counts, 0.99, interpolation);
  if (quantile === undefined) throw new RangeError('the histogram is empty');
  return quantile.value;
}

/** What a p99 of 150 ms reads as, by the bounds of the histogram and the way to guess between them. */
export function latencyBoundsPicture(): Picture {
  const rows = histograms.flatMap(({ name, bounds }) =>
    interpolations.map((interpolation) => ({
      name: `${name}, ${interpolation}`,
      milliseconds: reading(bounds, interpolation),
    })),
  );
  const panel = panelAt(
    { left: 238, right: 612, top: 40, bottom: 168 },
    scaleLinear().domain([0, 320]),
    scaleLinear(),
  );
  const { x } = panel;
  const across = (at: number, ink: string, text: string, anchor: 'start' | 'end') => [
    element('line', {
      class: ink,
      x1: x(at),
      x2: x(at),
      y1: panel.top - 8,
      y2: panel.bottom,
      'stroke-dasharray': '5 3',
    }),
    label(x(at) + (anchor === 'start' ? 5 : -5), panel.top - 14, text, ink, anchor),
  ];
  const [coarseLinear, coarse, fineLinear, fine] = rows.map(
    ({ milliseconds }) => `${milliseconds.toFixed(0)} ms`,
  );
  const title = 'What a p99 of 150 ms reads as';
  return {
    name: 'latency-bounds',
    title,
    svg: svg({
      title,
      description:
        'Four bars, one for each histogram and way of reading it. Without a bound at 200 ms and read linearly, a p99 of 150 ms lies beyond the limit of 200 ms. With that bound or with exponential reading it lies below.',
      width: 640,
      height: 190,
      body: [
        ...rows.flatMap(({ name, milliseconds }, index) => {
          const y = panel.top + 8 + index * 31;
          return [
            label(8, y + 13, name, 'ink'),
            element('rect', {
              class: milliseconds < 200 ? 'promote' : 'rollback',
              x: x(0),
              width: x(milliseconds) - x(0),
              y,
              height: 18,
            }),
            label(x(0) + 6, y + 13, `${milliseconds.toFixed(0)} ms`, 'paper', 'start', 'bold'),
          ];
        }),
        ...across(truth, 'ink', 'the truth, 150 ms', 'end'),
        ...across(200, 'promote', 'promote below 200 ms', 'start'),
      ],
    }),
    caption: `Lognormal request times with a p99 of 150 ms, as many of them as you like: this is no matter of traffic. Between the bounds 100 and 250 the p99 reads as ${coarseLinear ?? ''} linearly and ${coarse ?? ''} exponentially; with a bound at 200 as ${fineLinear ?? ''} and ${fine ?? ''}.`,
  };
}
