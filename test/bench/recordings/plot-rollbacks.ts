import { scaleLinear, scaleLog } from 'd3-scale';
import { judgeLine } from '../../support/drawing/inks.js';
import {
  axes,
  curve,
  judgeLegend,
  label,
  legendRow,
  panelAt,
  ticks,
  type Point,
} from '../../support/drawing/panel.js';
import { svg } from '../../support/drawing/svg.js';
import type { RecordingResults, SplitTable } from './results.js';

const [top, bottom] = [44, 264];
const firstLeft = 52;
const panelWidth = 310;
const panelGap = 62;
/** The first steps end before a tenth of a look. */
const firstLook = 0.08;

/** Share of the splits in which a judge has rolled the champion back against itself, look by look. */
export function plotRollbacks(results: RecordingResults): string {
  const { tables, judges } = results;
  const legendTop = bottom + 60;
  return svg({
    title: 'Share of splits in which the champion was rolled back against itself',
    description:
      'A panel for each plan of weights, a line for each judge, looks on a logarithmic scale. The judges that read thresholds roll nearly every split back within a look, five strikes within sixteen looks. Those that never do are named inside.',
    width: firstLeft + tables.length * (panelWidth + panelGap) - panelGap + 20,
    height: legendTop + Math.ceil(judges.length / 2) * legendRow,
    body: [
      ...tables.flatMap((table, index) =>
        drawPanel(table, results, firstLeft + index * (panelWidth + panelGap)),
      ),
      ...judgeLegend(judges, firstLeft, legendTop, 2, panelWidth + panelGap),
    ],
  });
}

function drawPanel(table: SplitTable, { judges, splits }: RecordingResults, left: number): readonly string[] {
  const last = table.steps.at(-1) ?? 1;
  const panel = panelAt(
    { left, right: left + panelWidth, top, bottom },
    scaleLog().domain([firstLook, last]).clamp(true),
    scaleLinear().domain([0, 1]),
  );
  const isCalm = (name: string) => table.judges[name]?.rollback.every((step) => step === 0) ?? true;
  const never = [
    'never rolled back by',
    ...judges.filter(({ name }) => isCalm(name)).map(({ short }) => short),
  ];
  // The first judges are drawn last, on top of those that share their line.
  const drawn = judges.filter(({ name }) => !isCalm(name)).reverse();
  return [
    ...axes(
      panel,
      `canary weight ${table.title}`,
      ticks([0.1, 0.2, 0.5, 1, 2, 5, 10, 20, last]),
      ticks([0, 0.25, 0.5, 0.75, 1], (share) => `${100 * share} %`),
    ),
    label(panel.right, bottom + 34, 'looks since the canary started', 'faint', 'end'),
    ...drawn.map(({ name }) => {
      const rollback = table.judges[name]?.rollback ?? [];
      const points = table.steps.map((looks, index): Point => [
        looks,
        rollback.filter((step) => step > 0 && step <= index + 1).length / splits,
      ]);
      return curve(panel, points, { ...judgeLine(name), inSteps: true });
    }),
    ...(never.length === 1 ? [] : never).map((words, index) =>
      label(panel.x(0.4), panel.y(0.78) + index * 16, words, 'faint'),
    ),
  ];
}
