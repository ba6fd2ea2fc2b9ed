import { quantileSorted } from 'd3-array';
import { scaleLinear, scaleLog } from 'd3-scale';
import { area } from 'd3-shape';
import {
  nullBias,
  populationStabilityIndex,
  samplingScale,
  smoothedShares,
} from '../../../../src/statistics/population-stability-index.js';
import { Draw } from '../../../support/simulation/draw.js';
import { axes, curve, label, level, ticks, panelAt, type Point } from '../../../support/drawing/panel.js';
import type { Picture } from './picture.js';
import { element, svg } from '../../../support/drawing/svg.js';

const bins = 10;
const runs = 400;
const sizes = [30, 42, 60, 85, 120, 170, 240, 340, 480, 680, 960, 1360, 2000];
const stablePerCanary = 19;

interface Spread {
  readonly size: number;
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  readonly corrected: number;
}

function spreadAt(size: number): Spread {
  const draw = new Draw(`psi-chance/${size}`);
  const even = new Array<number>(bins).fill(1 / bins);
  const found = Array.from({ length: runs }, () =>
    populationStabilityIndex(
      smoothedShares(draw.multinomial(size, even)),
      smoothedShares(draw.multinomial(size * stablePerCanary, even)),
    ),
  ).sort((a, b) => a - b);
  const at = (share: number) => quantileSorted(found, share) ?? NaN;
  const mean = found.reduce((total, value) => total + value, 0) / runs;
  const bias = nullBias(bins, samplingScale(size, size * stablePerCanary));
  return { size, low: at(0.05), middle: mean, high: at(0.95), corrected: mean - bias };
}

/** The PSI of two samples of one and the same distribution, by how many predictions the canary has. */
export function psiChancePicture(): Picture {
  const spreads = sizes.map(spreadAt);
  const panel = panelAt(
    { left: 56, right: 594, top: 34, bottom: 204 },
    scaleLog().domain([30, 2000]),
    scaleLinear().domain([-0.05, 0.5]),
  );
  const points = (of: (spread: Spread) => number) =>
    spreads.map((spread): Point => [spread.size, of(spread)]);
  const band = area<Spread>()
    .x(({ size }) => panel.x(size))
    .y0(({ low }) => panel.y(low))
    .y1(({ high }) => panel.y(high))
    .digits(1);
  const mean = (size: number) =>
    (spreads.find((spread) => spread.size === size)?.middle ?? NaN).toPrecision(2);
  const title = 'PSI where nothing has drifted';
  return {
    name: 'psi-chance',
    title,
    svg: svg({
      title,
      description:
        'The PSI between two samples of the same distribution against the number of canary predictions. With 30 predictions it is about 0.27 on average and falls as they become more. Corrected for chance it lies at about 0 throughout.',
      width: 640,
      height: 252,
      body: [
        ...axes(
          panel,
          'PSI, 10 bins',
          ticks([30, 100, 300, 1000, 2000], (value) => value.toLocaleString('en-US')),
          ticks([0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        ),
        label(594, 240, 'canary predictions', 'faint', 'end'),
        element('path', { class: 'area rollback', 'fill-opacity': '0.2', d: band(spreads) ?? '' }),
        ...level(panel, 0.2, 'roll back above 0.2', 'rollback'),
        ...level(panel, 0.1, 'promote below 0.1', 'promote'),
        curve(
          panel,
          points(({ middle }) => middle),
          { ink: 'rollback', width: 2.25 },
        ),
        curve(
          panel,
          points(({ corrected }) => corrected),
          { ink: 'promote', width: 2.25 },
        ),
        label(panel.x(62), panel.y(0.34), 'PSI as it is: mean, and nine of ten', 'rollback', 'start', 'bold'),
        label(panel.x(130), panel.y(-0.04), 'corrected for chance: mean', 'promote', 'start', 'bold'),
      ],
    }),
    caption: `${runs} pairs of samples for each number of canary predictions, 19 times as many of stable. The mean PSI is ${mean(30)} with 30 predictions, ${mean(120)} with 120 and ${mean(960)} with 960. What the correction takes away depends on the counts alone, never on what was found; below 60 predictions it takes a little too much.`,
  };
}
