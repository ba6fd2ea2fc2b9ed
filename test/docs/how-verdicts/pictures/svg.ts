/**
 * Small pictures as text, without any script. Each brings its own paper, light or dark as the reader prefers, so that its
 * ink can be read on any page.
 */

export type Attributes = Readonly<Record<string, string | number>>;

export interface PictureFrame {
  readonly title: string;
  /** What can be seen, for those who cannot. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly body: readonly string[];
}

/** Classes and what they are painted in, on light and on dark paper. */
const inks: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  paper: ['#ffffff', '#14181f'],
  ink: ['#1f2328', '#e6edf3'],
  faint: ['#59636e', '#a3adb8'],
  rule: ['#d0d7de', '#3d444d'],
  shade: ['#eef1f4', '#232932'],
  promote: ['#0063b0', '#58a6ff'],
  rollback: ['#c2410c', '#ff9657'],
  other: ['#7a4fa3', '#c69bf0'],
};

const paint = (dark: 0 | 1): string =>
  Object.entries(inks)
    .map(([name, colours]) => `.${name}{color:${colours[dark]}}`)
    .join('');

const style = [
  'text{font:12px system-ui,sans-serif;fill:currentColor}',
  'path,line{fill:none;stroke:currentColor}',
  'rect,circle,.area{fill:currentColor;stroke:none}',
  paint(0),
  `@media(prefers-color-scheme:dark){${paint(1)}}`,
].join('');

/** The whole file. */
export function svg({ title, description, width, height, body }: PictureFrame): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    element('title', { id: 'title' }, title),
    element('desc', { id: 'description' }, description),
    `<style>${style}</style>`,
    element('rect', { class: 'paper', width, height, rx: 6 }),
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

/** An element, empty or with text. Numbers are cut to a tenth of a pixel. */
export function element(name: string, attributes: Attributes, text?: string): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? pixel(value) : escaped(value)}"`)
    .join('');
  return text === undefined ? `<${name}${written}/>` : `<${name}${written}>${escaped(text)}</${name}>`;
}

function pixel(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
