import { scaleLinear, scaleLog } from 'd3-scale';
import { symbol, symbolCircle, symbolTimes } from 'd3-shape';
import { axes, label, legendRow, panelAt, ticks, type Scale } from '../../support/drawing/panel.js';
import { element, svg } from '../../support/drawing/svg.js';
import type { CandidateCourse, CandidateResult, RecordingResults } from './results.js';

const left = 130;
const right = 660;
const top = 34;
const judgeRow = 11;
const looks = [0.2, 0.5, 1, 2, 5, 10, 20, 40, 60];

const cross = symbol(symbolTimes, 44).digits(1)() ?? '';
const circle = symbol(symbolCircle, 40).digits(1)() ?? '';

/** When each judge ended each candidate's rollout: a cross for a rollback, a circle for a promote. */
export function plotCandidates({ candidates, judges }: RecordingResults): string {
  const band = judges.length * judgeRow + 14;
  const bottom = top + candidates.length * band;
  const panel = panelAt(
    { left, right, top, bottom },
    scaleLog().domain([0.2, 60]).clamp(true),
    scaleLinear().domain([0, 1]),
  );
  const legendTop = bottom + 76;
  const title = 'When each judge ended the rollout of each recorded candidate';
  return svg({
    title,
    description:
      'A band for each candidate with a row for each judge, looks on a logarithmic scale: a cross where the judge rolled back, a circle where it promoted to the end. The figures are in the table below the picture.',
    width: 720,
    height: legendTop + Math.ceil(judges.length / 2) * legendRow,
    body: [
      ...axes(panel, '× rolled back, ○ promoted to the end, no mark: neither', ticks(looks), []),
      ...looks.map((at) =>
        element('line', { class: 'rule', x1: panel.x(at), x2: panel.x(at), y1: top, y2: bottom }),
      ),
      label(right, bottom + 34, 'looks since the canary started', 'faint', 'end'),
      ...candidates.flatMap((candidate, index) => {
        const bandTop = top + index * band;
        return [
          element('line', { class: 'faint', x1: 10, x2: right, y1: bandTop, y2: bandTop }),
          label(10, bandTop + band / 2 + 4, candidate.name, 'ink', 'start', 'bold'),
          ...judges.flatMap(({ name }, row) =>
            mark(candidate, candidate.judges[name], name, bandTop + 13 + row * judgeRow, panel.x),
          ),
        ];
      }),
      ...judges.flatMap(({ name, title: judgeTitle }, index) => {
        const x = 16 + (index % 2) * 360;
        const y = legendTop + Math.floor(index / 2) * legendRow;
        return [symbolAt(cross, name, x, y - 4), label(x + 14, y, judgeTitle, 'ink')];
      }),
    ],
  });
}

function mark(
  candidate: CandidateResult,
  course: CandidateCourse | undefined,
  judge: string,
  y: number,
  x: Scale,
): readonly string[] {
  if (course === undefined || course.end === 0) return [];
  const at = candidate.steps[Math.abs(course.end) - 1] ?? 0;
  return [symbolAt(course.end < 0 ? cross : circle, judge, x(at), y)];
}

function symbolAt(path: string, judge: string, x: number, y: number): string {
  return element('path', {
    class: judge,
    d: path,
    transform: `translate(${Math.round(x)} ${Math.round(y)})`,
    'stroke-width': 2,
  });
}
