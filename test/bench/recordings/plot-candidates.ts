import { scaleLog } from 'd3-scale';
import { symbol, symbolCircle, symbolTimes } from 'd3-shape';
import { styleOf } from './judge-style.js';
import type { CandidateCourse, CandidateResult, RecordingResults } from './results.js';
import { element, picture, text } from './svg.js';

const left = 130;
const plotWidth = 520;
const top = 30;
const judgeRow = 11;
const legendRow = 18;
const marks = [0.2, 0.5, 1, 2, 5, 10, 20, 40, 60];

const cross = symbol(symbolTimes, 44).digits(1);
const circle = symbol(symbolCircle, 40).digits(1);

/** When each judge ended each candidate's rollout: a cross for a rollback, a circle for a promote. */
export function plotCandidates({ candidates, judges }: RecordingResults): string {
  const band = judges.length * judgeRow + 14;
  const bottom = top + candidates.length * band;
  const x = scaleLog([marks[0] ?? 0.1, marks.at(-1) ?? 60], [left, left + plotWidth]).clamp(true);
  const legendTop = bottom + 84;
  return picture(
    left + plotWidth + 60,
    legendTop + Math.ceil((judges.length + 1) / 2) * legendRow,
    'When each judge ended the rollout of each recorded candidate',
    ...marks.map((looks) =>
      [
        element('line', { x1: x(looks), x2: x(looks), y1: top, y2: bottom, stroke: '#dddddd' }),
        text(x(looks), bottom + 16, String(looks), { 'text-anchor': 'middle' }),
      ].join(''),
    ),
    text(left + plotWidth / 2, bottom + 34, 'looks since the canary started', { 'text-anchor': 'middle' }),
    ...candidates.map((candidate, index) => {
      const bandTop = top + index * band;
      return [
        element('line', { x1: 10, x2: left + plotWidth, y1: bandTop, y2: bandTop, stroke: '#bbbbbb' }),
        text(10, bandTop + band / 2 + 4, candidate.name, { 'font-weight': 'bold' }),
        ...judges.map(({ name }, row) =>
          drawMark(candidate, candidate.judges[name], name, bandTop + 13 + row * judgeRow, x),
        ),
      ].join('\n');
    }),
    text(10, legendTop - 22, '× rolled back, ○ promoted, no mark: neither to the end', { fill: '#555555' }),
    ...judges.map(({ name, title }, index) => {
      const legendX = 16 + (index % 2) * 360;
      const y = legendTop + Math.floor(index / 2) * legendRow;
      return [
        element('path', {
          d: cross() ?? '',
          transform: `translate(${legendX} ${y - 4})`,
          stroke: styleOf(name).colour,
          'stroke-width': 2,
        }),
        text(legendX + 14, y, title),
      ].join('');
    }),
  );
}

function drawMark(
  candidate: CandidateResult,
  course: CandidateCourse | undefined,
  judge: string,
  y: number,
  x: (looks: number) => number,
): string {
  if (course === undefined || course.end === 0) return '';
  const looks = candidate.steps[Math.abs(course.end) - 1] ?? 0;
  return element('path', {
    d: (course.end < 0 ? cross() : circle()) ?? '',
    transform: `translate(${Math.round(x(looks))} ${Math.round(y)})`,
    stroke: styleOf(judge).colour,
    'stroke-width': 2,
    fill: 'none',
  });
}
