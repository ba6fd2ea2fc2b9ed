import { curveLinear, curveStepAfter, line } from 'd3-shape';
import { judgeLine } from './inks.js';
import { element, type Attributes } from './svg.js';

/** From a figure to a place on the paper. */
export type Scale = (value: number) => number;

export type Point = readonly [x: number, y: number];

export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** A field for curves with its own axes, inside a picture. */
export interface Panel {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly y: Scale;
}

/** A scale whose figures are set and whose places are not. */
interface Domain {
  range(places: readonly [number, number]): Scale;
}

/** A panel in this place; its figures grow to the right and upwards. */
export function panelAt(
  place: Pick<Panel, 'left' | 'right' | 'top' | 'bottom'>,
  x: Domain,
  y: Domain,
): Panel {
  const { left, right, top, bottom } = place;
  return { left, right, top, bottom, x: x.range([left, right]), y: y.range([bottom, top]) };
}

export const ticks = (values: readonly number[], text: (value: number) => string = String): readonly Tick[] =>
  values.map((at) => ({ at, text: text(at) }));

/** The rules and figures of both axes, with a heading above. */
export function axes(
  panel: Panel,
  heading: string,
  xTicks: readonly Tick[],
  yTicks: readonly Tick[],
): readonly string[] {
  const { left, right, top, bottom, x, y } = panel;
  return [
    `<clipPath id="${clipOf(panel)}">`,
    // A little larger, so that a curve along the edge keeps its width.
    element('rect', { x: left, y: top - 2, width: right - left, height: bottom - top + 4 }),
    '</clipPath>',
    label(left, top - 9, heading, 'ink', 'start', 'bold'),
    ...yTicks.flatMap(({ at, text }) => [
      element('line', { class: 'rule', x1: left, x2: right, y1: y(at), y2: y(at) }),
      label(left - 6, y(at) + 4, text, 'faint', 'end'),
    ]),
    ...xTicks.map(({ at, text }) => label(x(at), bottom + 16, text, 'faint', 'middle')),
  ];
}

/** A level that something is held against, with its name at one end. */
export function level(
  panel: Panel,
  at: number,
  text: string,
  ink: string,
  side: 'left' | 'right' = 'right',
): readonly string[] {
  const y = panel.y(at);
  return [
    element('line', { class: ink, x1: panel.left, x2: panel.right, y1: y, y2: y, 'stroke-dasharray': '5 3' }),
    side === 'left'
      ? label(panel.left + 40, y - 4, text, ink)
      : label(panel.right - 2, y - 4, text, ink, 'end'),
  ];
}

/** Curves end where their panel ends. */
const clipOf = ({ left, top }: Panel): string => `panel-${left}-${top}`;

export interface CurveStyle {
  readonly ink: string;
  readonly width?: number;
  readonly dash?: string;
  /** What happens at once instead of gradually. */
  readonly inSteps?: boolean;
}

/** A curve, as far as it lies inside its panel, of which the axes have to be drawn as well. */
export function curve(panel: Panel, points: readonly Point[], style: CurveStyle): string {
  const path = line<Point>(
    (point) => panel.x(point[0]),
    (point) => panel.y(point[1]),
  )
    .curve(style.inSteps === true ? curveStepAfter : curveLinear)
    .digits(1);
  return element('path', {
    class: style.ink,
    'clip-path': `url(#${clipOf(panel)})`,
    ...strokeOf(style),
    d: path(points) ?? '',
  });
}

function strokeOf({ width = 1.75, dash }: CurveStyle): Attributes {
  return { 'stroke-width': width, ...(dash === undefined ? {} : { 'stroke-dasharray': dash }) };
}

/** The names of judges in columns, each beside a piece of its line. */
export function judgeLegend(
  judges: readonly { readonly name: string; readonly title: string }[],
  left: number,
  top: number,
  columns: number,
  columnWidth: number,
): readonly string[] {
  return judges.flatMap(({ name, title }, index) => {
    const x = left + (index % columns) * columnWidth;
    const y = top + Math.floor(index / columns) * legendRow;
    const { ink, ...style } = judgeLine(name);
    return [
      element('path', { class: ink, ...strokeOf({ ink, ...style }), d: `M${x} ${y - 4}h30` }),
      label(x + 36, y, title, 'ink'),
    ];
  });
}

/** The height of a row of a legend. */
export const legendRow = 18;

/** A shaded stretch from one figure of the x axis to another. */
export function stretch({ x, top, bottom }: Panel, from: number, to: number): string {
  return element('rect', {
    class: 'shade',
    x: x(from),
    width: x(to) - x(from),
    y: top,
    height: bottom - top,
  });
}

/** A dot on a curve with a word beside it. */
export function mark(
  panel: Panel,
  [at, value]: Point,
  text: string,
  ink: string,
  below = false,
): readonly string[] {
  const [cx, cy] = [panel.x(at), Math.min(panel.bottom, Math.max(panel.top, panel.y(value)))];
  const toTheLeft = cx > (panel.left + panel.right) / 2;
  return [
    element('circle', { class: ink, cx, cy, r: 4 }),
    label(cx + (toTheLeft ? -8 : 8), cy + (below ? 16 : -6), text, ink, toTheLeft ? 'end' : 'start', 'bold'),
  ];
}

export function label(
  x: number,
  y: number,
  text: string,
  ink: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
  weight: 'normal' | 'bold' = 'normal',
): string {
  return element(
    'text',
    { class: ink, x, y, 'text-anchor': anchor, ...(weight === 'bold' ? { 'font-weight': weight } : {}) },
    text,
  );
}
