import { scaleLinear } from 'd3-scale';
import { judgeLine } from '../../../support/drawing/inks.js';
import {
  axes,
  curve,
  judgeLegend,
  label,
  panelAt,
  ticks,
  type Panel,
  type Point,
} from '../../../support/drawing/panel.js';
import { svg } from '../../../support/drawing/svg.js';
import type { ScenarioResult } from '../results.js';

/** What is drawn of a judge: its line and what it is called. */
export interface DrawnJudge {
  readonly name: string;
  readonly title: string;
}

const [top, bottom] = [34, 226];
const panelWidth = 300;
const longestMinutes = 60;

const panelFrom = (left: number): Panel =>
  panelAt(
    { left, right: left + panelWidth, top, bottom },
    scaleLinear().domain([0, longestMinutes]),
    scaleLinear().domain([0, 1]),
  );

const promoted = panelFrom(48);
const rolledBack = panelFrom(404);

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
  const lines = (panel: Panel, runsAt: (result: ScenarioResult) => readonly number[] | undefined) =>
    [...judges].reverse().flatMap(({ name }) => {
      const result = results.find(({ judge }) => judge === name);
      if (result === undefined) return [];
      const points = sharesBy(runsAt(result) ?? [], result.runs);
      return [curve(panel, points, { ...judgeLine(name), inSteps: true })];
    });
  return svg({
    title,
    description,
    width: 720,
    height: 324,
    body: [
      ...frame(promoted, 'first verdict: promote'),
      ...lines(promoted, ({ promotedAt }) => promotedAt),
      ...frame(rolledBack, 'first verdict: rollback'),
      ...lines(rolledBack, ({ rolledBackAt }) => rolledBackAt),
      ...judgeLegend(judges, promoted.left, bottom + 54, 3, 226),
    ],
  });
}

function frame(panel: Panel, heading: string): readonly string[] {
  return [
    ...axes(
      panel,
      heading,
      ticks([0, 10, 20, 30, 40, 50, longestMinutes]),
      ticks([0, 0.25, 0.5, 0.75, 1], (share) => `${100 * share} %`),
    ),
    label(panel.right, bottom + 30, 'minutes', 'faint', 'end'),
  ];
}

function sharesBy(runsAt: readonly number[], runs: number): readonly Point[] {
  let reached = 0;
  const points: Point[] = [[0, 0]];
  for (let minute = 1; minute <= longestMinutes; minute++) {
    reached += runsAt[minute - 1] ?? 0;
    points.push([minute, reached / runs]);
  }
  return points;
}
