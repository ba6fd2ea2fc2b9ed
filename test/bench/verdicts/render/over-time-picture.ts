import { scaleLinear } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import type { ScenarioResult } from '../results.js';
import { element, group, renderSvg, type Attributes } from './svg.js';

/** What is drawn of a judge: its line and what it is called. */
export interface DrawnJudge {
  readonly name: string;
  readonly title: string;
}

const width = 720;
const height = 324;
const top = 34;
const bottom = 98;
const panelWidth = 300;
const panelStarts = [48, 404] as const;
const longestMinutes = 60;

/** Judges that end in the same place are told apart by their dashes. */
const dashes: Readonly<Record<string, string>> = {
  threshold: '7 3',
  'one-minute': '2 2',
  'five-strikes': '9 3 2 3',
  'mann-whitney': '5 5',
  'mann-whitney-critical': '1 4',
  'evidence-080': '12 3',
};

/**
 * Which share of the runs has a first verdict after so many minutes: promote in the left panel, rollback in the
 * right one, a line a judge.
 */
export function overTimePicture(
  title: string,
  description: string,
  results: readonly ScenarioResult[],
  judges: readonly DrawnJudge[],
): string {
  // The first judge is drawn last, above the others.
  const lines = (of: 'promotedAt' | 'rolledBackAt', start: number) =>
    [...judges].reverse().flatMap(({ name, title: judgeTitle }) => {
      const result = results.find((one) => one.judge === name);
      return result === undefined ? [] : [curve(result[of] ?? [], result.runs, start, name, judgeTitle)];
    });
  return renderSvg({
    title,
    description,
    width,
    height,
    body: [
      ...panel('promoted', panelStarts[0]),
      ...lines('promotedAt', panelStarts[0]),
      ...panel('rolled back', panelStarts[1]),
      ...lines('rolledBackAt', panelStarts[1]),
      ...legend(judges),
    ],
  });
}

const toY = scaleLinear([0, 1], [height - bottom, top]);
const toX = (start: number) => scaleLinear([0, longestMinutes], [start, start + panelWidth]);

function panel(heading: string, start: number): readonly string[] {
  const x = toX(start);
  return [
    element(
      'text',
      { x: start, y: top - 14, class: 'ink', 'font-weight': 'bold' },
      `first verdict: ${heading}`,
    ),
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      element('line', {
        x1: start,
        x2: start + panelWidth,
        y1: toY(share),
        y2: toY(share),
        stroke: 'currentColor',
        class: 'rule',
      }),
      element(
        'text',
        { x: start - 6, y: toY(share) + 4, class: 'faint', 'text-anchor': 'end' },
        `${100 * share} %`,
      ),
    ]),
    element(
      'text',
      { x: x(longestMinutes), y: height - bottom + 30, class: 'faint', 'text-anchor': 'end' },
      'minutes',
    ),
    ...[0, 10, 20, 30, 40, 50, longestMinutes].map((minute) =>
      element(
        'text',
        {
          x: x(minute),
          y: height - bottom + 16,
          class: 'faint',
          'text-anchor': 'middle',
        },
        String(minute),
      ),
    ),
  ];
}

function curve(
  runsAt: readonly number[],
  runs: number,
  start: number,
  name: string,
  judgeTitle: string,
): string {
  const x = toX(start);
  let reached = 0;
  const points: (readonly [minute: number, share: number])[] = [[0, 0]];
  for (let minute = 1; minute <= longestMinutes; minute++) {
    reached += runsAt[minute - 1] ?? 0;
    points.push([minute, reached / runs]);
  }
  const path = line<readonly [number, number]>(
    ([minute]) => x(minute),
    ([, share]) => toY(share),
  )
    .curve(curveStepAfter)
    .digits(1);
  return group({ class: name }, [
    `<title>${judgeTitle}</title>`,
    element('path', { class: 'line', d: path(points) ?? '', ...dashed(name) }),
  ]);
}

function legend(judges: readonly DrawnJudge[]): readonly string[] {
  const columns = 3;
  return judges.map(({ name, title }, index) => {
    const x = panelStarts[0] + (index % columns) * 226;
    const y = height - 44 + Math.floor(index / columns) * 18;
    return group({ class: name }, [
      element('path', { class: 'line', d: `M${x} ${y - 4}h30`, ...dashed(name) }),
      element('text', { x: x + 36, y, class: 'ink' }, title),
    ]);
  });
}

function dashed(name: string): Attributes {
  const dash = dashes[name];
  return dash === undefined ? {} : { 'stroke-dasharray': dash };
}
