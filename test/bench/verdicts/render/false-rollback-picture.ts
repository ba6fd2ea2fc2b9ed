import { scaleBand, scaleLinear } from 'd3-scale';
import type { ScenarioResult } from '../results.js';
import { wilson } from '../wilson.js';
import type { DrawnJudge } from './over-time-picture.js';
import { element, group, renderSvg } from './svg.js';
import { percent } from './words.js';

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
  const bars = judges.flatMap(({ name, title: judgeTitle }) => [
    element(
      'text',
      { x: 8, y: (y(name) ?? 0) + 11, class: 'ink', 'font-weight': name === 'evidence' ? 'bold' : 'normal' },
      judgeTitle,
    ),
    group(
      { class: name },
      rates.flatMap((rate, index) => {
        const found = results.find((one) => one.judge === name && one.rate === rate);
        if (found === undefined) return [];
        return bar(found, rate, (y(name) ?? 0) + index * barHeight, x);
      }),
    ),
  ]);
  return renderSvg({
    title,
    description,
    width,
    height,
    body: [
      element('text', { x: 8, y: 16, class: 'ink', 'font-weight': 'bold' }, title),
      ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
        element('line', {
          x1: x(share),
          x2: x(share),
          y1: top - 6,
          y2: height - 26,
          stroke: 'currentColor',
          class: 'rule',
        }),
        element(
          'text',
          { x: x(share), y: height - 10, class: 'faint', 'text-anchor': 'middle' },
          percent(share),
        ),
      ]),
      ...bars,
    ],
  });
}

function bar(
  { everRolledBack, runs }: ScenarioResult,
  rate: number,
  y: number,
  x: (share: number) => number,
): readonly string[] {
  const share = everRolledBack / runs;
  const [low, high] = wilson(everRolledBack, runs);
  const middle = y + barHeight / 2;
  return [
    element(
      'text',
      { x: left - 6, y: y + 11, class: 'faint', 'text-anchor': 'end', 'font-size': '10' },
      `${rate} rps`,
    ),
    element('rect', {
      class: 'bar',
      x: x(0),
      y: y + 1,
      width: Math.max(1, x(share) - x(0)),
      height: barHeight - 3,
    }),
    element('line', {
      class: 'ink',
      stroke: 'currentColor',
      x1: x(low),
      x2: x(high),
      y1: middle,
      y2: middle,
    }),
    element('text', { x: x(high) + 4, y: y + 11, class: 'ink' }, percent(share)),
  ];
}
