/** Small helpers for pictures written as text: they look right on light and on dark pages, without any script. */

export interface Picture {
  /** Shown to those who cannot see it, and as a tooltip. */
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** Elements, in the order of drawing. */
  readonly body: readonly string[];
}

/** Colours by class: the first for light pages, the second for dark ones. */
const inks: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  ink: ['#1f2328', '#e6edf3'],
  faint: ['#6e7781', '#9198a1'],
  rule: ['#d0d7de', '#3d444d'],
  evidence: ['#0063b0', '#58a6ff'],
  'evidence-080': ['#0a7ea4', '#79d0e8'],
  threshold: ['#c2410c', '#ff9657'],
  'one-minute': ['#a8327d', '#f28cc8'],
  'five-strikes': ['#8a6100', '#e3b341'],
  'mann-whitney': ['#1a7f4b', '#5fd39a'],
  'mann-whitney-critical': ['#57606a', '#b1bac4'],
};

function styles(): string {
  const rules = (dark: 0 | 1) =>
    Object.entries(inks)
      .map(([name, colours]) => `.${name}{color:${colours[dark]}}`)
      .join('');
  return [
    'text{font:12px system-ui,sans-serif;fill:currentColor}',
    '.line{fill:none;stroke:currentColor;stroke-width:1.75}',
    '.evidence .line{stroke-width:3}',
    '.bar{fill:currentColor}',
    rules(0),
    `@media(prefers-color-scheme:dark){${rules(1)}}`,
  ].join('');
}

export function renderSvg({ title, description, width, height, body }: Picture): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escape(title)}</title>`,
    `<desc id="description">${escape(description)}</desc>`,
    `<style>${styles()}</style>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

export type Attributes = Readonly<Record<string, string | number>>;

/** An element with text inside, or an empty one. Numbers are cut to a tenth of a pixel. */
export function element(name: string, attributes: Attributes, text?: string): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? pixel(value) : escape(value)}"`)
    .join('');
  return text === undefined ? `<${name}${written}/>` : `<${name}${written}>${escape(text)}</${name}>`;
}

/** A group with other elements inside. */
export function group(attributes: Attributes, inside: readonly string[]): string {
  return [element('g', attributes).replace(/\/>$/, '>'), ...inside, '</g>'].join('\n');
}

export function pixel(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
