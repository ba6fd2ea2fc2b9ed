/** Reads what model servers answer on /metrics, and finds the series of selections in it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { CounterSelection, Matcher } from '../../../../src/sources/prometheus/signals/signal.js';
import { fits } from '../signals/read-selector.js';

export interface ExposedSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposition {
  readonly series: readonly ExposedSeries[];
  /** `counter`, `histogram` and so on, by the name of the metric. */
  readonly types: ReadonlyMap<string, string>;
}

const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const labelPair = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/gy;

/**
 * Reads one of the files of test/fixtures/expositions as a server would store it.
 *
 * @param target the labels that the scrape gives to every series
 */
export function readExposition(file: string, target: Readonly<Record<string, string>>): Exposition {
  const text = readFileSync(new URL(`../../../fixtures/expositions/${file}`, import.meta.url), 'utf8');
  const types = new Map<string, string>();
  const series: ExposedSeries[] = [];
  for (const line of text.split('\n')) {
    const [, name = '', type = ''] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (type !== '') types.set(name, type);
    if (line === '' || line.startsWith('#')) continue;
    const [, metric = '', inBraces = '', value = ''] = sample.exec(line) ?? assert.fail(line);
    const labels: Record<string, string> = {};
    const rest = inBraces.replace(labelPair, (_, label: string, content: string) => {
      if (content !== '') labels[label] = content;
      return '';
    });
    assert.equal(rest, '', line);
    for (const label of Object.keys(target)) assert.ok(!(label in labels), `${label} of ${line}`);
    series.push({ name: metric, labels: { ...labels, ...target }, value: Number(value) });
  }
  return { series, types };
}

/** The series of a selection. */
export function selected(
  { series }: Exposition,
  { metrics, where }: CounterSelection,
): readonly ExposedSeries[] {
  return series.filter(({ name, labels }) => metrics.includes(name) && hasAll(labels, where));
}

/** Their sum. */
export function total(exposition: Exposition, selection: CounterSelection | undefined): number {
  if (selection === undefined) return 0;
  return selected(exposition, selection).reduce((sum, { value }) => sum + value, 0);
}

function hasAll(labels: Readonly<Record<string, string>>, where: readonly Matcher[]): boolean {
  return where.every((matcher) => fits(matcher, labels[matcher.label] ?? ''));
}
