import { inks } from './inks.js';

/**
 * Small pictures as text, without any script. Each brings its own paper, light or dark as the reader's system prefers, so
 * that its ink can be read on any page, whatever that page's own colours are.
 */

export type Attributes = Readonly<Record<string, string | number>>;

export interface PictureFrame {
  readonly title: string;
  /** What can be seen, for those who cannot. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** Elements, in the order of drawing. */
  readonly body: readonly string[];
}

/** The whole file. */
export function svg({ title, description, width, height, body }: PictureFrame): string {
  const drawn = [element('rect', { class: 'paper', width, height, rx: 6 }), ...body];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    element('title', { id: 'title' }, title),
    element('desc', { id: 'description' }, description),
    `<style>${styleOf(drawn.join('\n'))}</style>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

/** Only the inks that are used. */
function styleOf(drawn: string): string {
  const classes = [...drawn.matchAll(/ class="([^"]+)"/g)].flatMap(([, names = '']) => names.split(' '));
  const used = Object.entries(inks).filter(([name]) => classes.includes(name));
  const paint = (dark: 0 | 1) => used.map(([name, colours]) => `.${name}{color:${colours[dark]}}`).join('');
  return [
    'text{font-family:system-ui,sans-serif;font-size:12px;fill:currentColor}',
    'path,line{fill:none;stroke:currentColor}',
    'rect,circle,.area{fill:currentColor;stroke:none}',
    paint(0),
    `@media(prefers-color-scheme:dark){${paint(1)}}`,
  ].join('');
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
