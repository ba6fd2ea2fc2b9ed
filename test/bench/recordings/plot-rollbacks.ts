import { scaleLinear, scaleLog } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import { styleOf } from './judge-style.js';
import type { RecordingResults, SplitTable } from './results.js';
import { element, picture, text } from './svg.js';

const panel = { width: 330, height: 240, left: 52, top: 44, gap: 62 };
const legendRow = 18;
/** The first steps end before a tenth of a look. */
const firstLook = 0.08;
const marks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60];

/** Share of the splits in which a judge has rolled the champion back against itself, look by look. */
export function plotRollbacks(results: RecordingResults): string {
  const { tables, judges } = results;
  const width = panel.left + tables.length * (panel.width + panel.gap) - panel.gap + 20;
  const legendTop = panel.top + panel.height + 56;
  const rows = Math.ceil(judges.length / 2);
  return picture(
    width,
    legendTop + rows * legendRow + 4,
    'Share of splits in which the champion was rolled back against itself',
    ...tables.map((table, index) =>
      drawPanel(table, results, panel.left + index * (panel.width + panel.gap)),
    ),
    ...judges.map(({ name, title }, index) => {
      const x = panel.left + (index % 2) * (panel.width + panel.gap);
      const y = legendTop + Math.floor(index / 2) * legendRow;
      const { colour, dash } = styleOf(name);
      return [
        element('line', {
          x1: x,
          x2: x + 28,
          y1: y - 4,
          y2: y - 4,
          stroke: colour,
          'stroke-width': 2.5,
          'stroke-dasharray': dash,
        }),
        text(x + 36, y, title),
      ].join('');
    }),
  );
}

function drawPanel(table: SplitTable, { judges, splits }: RecordingResults, left: number): string {
  const last = table.steps.at(-1) ?? 1;
  const x = scaleLog([firstLook, last], [left, left + panel.width]).clamp(true);
  const y = scaleLinear([0, 1], [panel.top + panel.height, panel.top]);
  const grid = y.ticks(5).map((share) =>
    [
      element('line', {
        x1: left,
        x2: left + panel.width,
        y1: y(share),
        y2: y(share),
        stroke: '#dddddd',
      }),
      text(left - 6, y(share) + 4, `${Math.round(share * 100)} %`, { 'text-anchor': 'end' }),
    ].join(''),
  );
  const ticks = marks.map((looks) =>
    text(x(looks), panel.top + panel.height + 18, String(looks), { 'text-anchor': 'middle' }),
  );
  const steps = line<readonly [number, number]>(
    ([looks]) => x(looks),
    ([, share]) => y(share),
  )
    .curve(curveStepAfter)
    .digits(1);
  // The first judges are drawn last, on top of those that share their line.
  const curves = [...judges].reverse().map(({ name }) => {
    const rollback = table.judges[name]?.rollback ?? [];
    const points = table.steps.map((looks, index): [number, number] => [
      looks,
      rollback.filter((step) => step > 0 && step <= index + 1).length / splits,
    ]);
    const { colour, dash } = styleOf(name);
    return element('path', {
      d: steps(points) ?? '',
      fill: 'none',
      stroke: colour,
      'stroke-width': 2,
      'stroke-dasharray': dash,
    });
  });
  const calm = judges.filter(({ name }) => table.judges[name]?.rollback.every((step) => step === 0));
  const never = calm.length === 0 ? [] : ['never rolled back by', ...calm.map(({ short }) => short)];
  return [
    text(left, panel.top - 18, `Canary weight ${table.title}`, { 'font-weight': 'bold' }),
    ...grid,
    ...ticks,
    text(left + panel.width / 2, panel.top + panel.height + 36, 'looks since the canary started', {
      'text-anchor': 'middle',
    }),
    ...curves,
    ...never.map((words, index) =>
      text(x(0.37), panel.top + panel.height - 10 - (never.length - 1 - index) * 15, words, {
        fill: '#555555',
      }),
    ),
  ].join('\n');
}
