import assert from 'node:assert/strict';

/** A page in the text format of Prometheus, as strictly as its specification reads. */
export interface Exposition {
  readonly types: ReadonlyMap<string, string>;
  /** Values by series: the name, and its labels by name, as {@link seriesOf} writes them. */
  readonly values: ReadonlyMap<string, number>;
}

type Labels = Readonly<Record<string, string | number>>;

/** A series as the key of a map. */
export function seriesOf(name: string, labels: Labels): string {
  const sorted = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));
  return `${name} ${JSON.stringify(sorted.map(([label, value]) => [label, String(value)]))}`;
}

const commentPattern = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/;
const samplePattern = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const labelPattern = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/;

/** Reads a page; fails where a line is none, a series comes twice, or a histogram is not cumulative. */
export function readExposition(text: string): Exposition {
  assert.ok(text.endsWith('\n'));
  const types = new Map<string, string>();
  const values = new Map<string, number>();
  let family = '';
  let lastBucket = { series: '', value: 0 };
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const comment = commentPattern.exec(line);
    if (comment !== null) {
      const [, what, name = '', said = ''] = comment;
      if (what === 'TYPE') {
        assert.ok(!types.has(name), `${name} has two types`);
        types.set(name, said);
        family = name;
      }
      continue;
    }
    const [, name = '', inBraces = '', number = ''] = samplePattern.exec(line) ?? assert.fail(line);
    const parts = types.get(family) === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    assert.ok(
      parts.some((part) => name === family + part),
      `${line} stands under ${family}`,
    );
    const labels = readLabels(inBraces);
    const value = Number(number.replace('Inf', 'Infinity'));
    assert.ok(!Number.isNaN(value) || number === 'Nan', line);
    const series = seriesOf(name, labels);
    assert.ok(!values.has(series), `${line} comes twice`);
    values.set(series, value);
    if (!name.endsWith('_bucket')) continue;
    const { le, ...others } = labels;
    const histogram = seriesOf(name, others);
    if (lastBucket.series === histogram) assert.ok(value >= lastBucket.value, `${line} is not cumulative`);
    lastBucket = { series: histogram, value };
    assert.ok(le !== undefined, line);
  }
  for (const [name, type] of types) if (type === 'histogram') assertWhole(name, values);
  return { types, values };
}

/** Every histogram ends with an open bucket, which has its count. */
function assertWhole(name: string, values: ReadonlyMap<string, number>): void {
  const start = `${name}_count `;
  for (const [series, count] of values) {
    if (!series.startsWith(start)) continue;
    const labels = Object.fromEntries(JSON.parse(series.slice(start.length)) as [string, string][]);
    assert.equal(values.get(seriesOf(`${name}_bucket`, { ...labels, le: '+Inf' })), count, series);
  }
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== '';) {
    const [whole, label = '', value = ''] = labelPattern.exec(rest) ?? assert.fail(rest);
    assert.ok(!(label in labels), `${label} comes twice`);
    labels[label] = value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
    rest = rest.slice(whole.length);
  }
  return labels;
}
