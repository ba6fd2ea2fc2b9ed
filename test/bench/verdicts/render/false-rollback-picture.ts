import { scaleBand, scaleLinear } from 'd3-scale';
import { wilsonInterval } from '../../../../src/statistics/single-look-intervals.js';
import { label, type Scale } from '../../../support/drawing/panel.js';
import { element, svg } from '../../../support/drawing/svg.js';
import { percent } from '../../../support/pages/share-words.js';
import type { ScenarioResult } from '../results.js';
import type { DrawnJudge } from './over-time-picture.js';

const width = 720;
const left = 240;
const right = 50;
const top = 34;
const barHeight = 13;
const groupGap = 16;

/** Bars of how many healthy canaries each judge rolls back at some look, at each rate, with 95 % intervals. */
export function falseRollbackPicture(
  title: string,
  description: string,
  results: readonly ScenarioResult[],
  judges: readonly DrawnJudge[],
  rates: readonly number[],
): string {
  const perJudge = rates.length * barHeight + groupGap;
  const height = top + judges.length * perJudge + 28;
  const x = scaleLinear([0, 1], [left, width - right]);
  const y = scaleBand(
    judges.map(({ name }) => name),
    [top, top + judges.length * perJudge],
  );
  return svg({
    title,
    description,
    width,
    height,
    body: [
      label(8, 16, title, 'ink', 'start', 'bold'),
      ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
        element('line', { class: 'rule', x1: x(share), x2: x(share), y1: top - 6, y2: height - 26 }),
        label(x(share), height - 10, percent(share), 'faint', 'middle'),
      ]),
      ...judges.flatMap(({ name, title: judgeTitle }) => [
        label(8, (y(name) ?? 0) + 11, judgeTitle, 'ink', 'start', name === 'evidence' ? 'bold' : 'normal'),
        ...rates.flatMap((rate, index) => {
          const found = results.find((one) => one.judge === name && one.rate === rate);
          return found === undefined ? [] : bar(found, (y(name) ?? 0) + index * barHeight, x);
        }),
      ]),
    ],
  });
}

function bar({ judge, rate, everRolledBack, runs }: ScenarioResult, y: number, x: Scale): readonly string[] {
  const share = everRolledBack / runs;
  const [low, high] = wilsonInterval(everRolledBack, runs);
  const middle = y + barHeight / 2;
  return [
    label(left - 6, y + 11, `${rate} rps`, 'faint', 'end'),
    element('rect', {
      class: judge,
      x: x(0),
      y: y + 1,
      width: Math.max(1, x(share) - x(0)),
      height: barHeight - 3,
    }),
    element('line', { class: 'ink', x1: x(low), x2: x(high), y1: middle, y2: middle }),
    label(x(high) + 4, y + 11, percent(share), 'ink'),
  ];
}
