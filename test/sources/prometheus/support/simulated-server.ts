import type {
  InstantQuery,
  Query,
  QueryAnswer,
  QueryServer,
  QuerySeries,
  RangeQuery,
} from '../../../../src/sources/prometheus/server/query.js';

/** A series as it was scraped. */
export interface ScrapedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [timeMs: number, value: number])[];
}

type Labels = Readonly<Record<string, string>>;
type Vector = readonly { readonly labels: Labels; readonly value: number }[];

/**
 * A server that answers the few kinds of expressions that the source asks, from samples in memory: `last_over_time`,
 * `resets`, `count`, `count by`, `and on`, and range selectors. Written for the tests, so that they need no other process.
 */
export class SimulatedServer implements QueryServer {
  readonly name = 'simulated';
  readonly asked: Query[] = [];
  series: readonly ScrapedSeries[];
  /** Its clock, where it tells it. */
  serverMs: number | undefined;
  /** Answers in place of the samples, where it answers at all. */
  failure: ((query: Query) => QueryAnswer | Promise<QueryAnswer> | undefined) | undefined;

  #fittingOf: readonly ScrapedSeries[] | undefined;
  readonly #fittingBySelector = new Map<string, readonly ScrapedSeries[]>();

  constructor(series: readonly ScrapedSeries[]) {
    this.series = series;
  }

  async query(query: Query): Promise<QueryAnswer> {
    this.asked.push(query);
    const failed = await this.failure?.(query);
    if (failed !== undefined) return failed;
    const series = query.kind === 'range' ? this.#range(query) : this.#instant(query);
    const told = this.serverMs === undefined ? {} : { serverMs: this.serverMs };
    return { kind: 'series', series, bytes: 0, elapsedMs: 1, ...told };
  }

  #range({ expression, startMs, endMs, stepMs }: RangeQuery): readonly QuerySeries[] {
    const found = new Map<string, { labels: Labels; timesMs: number[]; values: number[] }>();
    for (let atMs = startMs; atMs <= endMs; atMs += stepMs) {
      for (const { labels, value } of this.#evaluate(expression, atMs)) {
        const key = JSON.stringify(Object.entries(labels).sort());
        const known = found.get(key) ?? { labels, timesMs: [], values: [] };
        known.timesMs.push(atMs);
        known.values.push(value);
        found.set(key, known);
      }
    }
    return [...found.values()];
  }

  #instant({ expression, atMs }: InstantQuery): readonly QuerySeries[] {
    const range = /^(.*)\[(\d+)s\]$/s.exec(expression);
    if (range === null || expression.endsWith(')')) {
      return this.#evaluate(expression, atMs).map(({ labels, value }) => ({
        labels,
        timesMs: [atMs],
        values: [value],
      }));
    }
    return this.#select(range[1] ?? '', Number(range[2]) * 1000, atMs).map(({ labels, samples }) => ({
      labels,
      timesMs: samples.map(([timeMs]) => timeMs),
      values: samples.map(([, value]) => value),
    }));
  }

  #evaluate(expression: string, atMs: number): Vector {
    const joined = /^(.*) and on \(([^)]*)\) (.*)$/s.exec(expression);
    if (joined !== null) {
      const on = (joined[2] ?? '').split(', ');
      const keyOf = (labels: Labels) => on.map((name) => labels[name] ?? '').join('\0');
      const others = new Set(this.#evaluate(joined[3] ?? '', atMs).map(({ labels }) => keyOf(labels)));
      return this.#evaluate(joined[1] ?? '', atMs).filter(({ labels }) => others.has(keyOf(labels)));
    }
    const above = /^(.*) > 0$/s.exec(expression);
    if (above !== null) return this.#evaluate(above[1] ?? '', atMs).filter(({ value }) => value > 0);
    const counted = /^count(?: by \(([^)]*)\) )?\((.*)\)$/s.exec(expression);
    if (counted !== null) {
      const groups = new Map<string, number>();
      for (const { labels } of this.#evaluate(counted[2] ?? '', atMs)) {
        const group = counted[1] === undefined ? '' : (labels[counted[1]] ?? '');
        groups.set(group, (groups.get(group) ?? 0) + 1);
      }
      return [...groups].map(([group, value]) => ({
        labels: counted[1] === undefined ? {} : { [counted[1]]: group },
        value,
      }));
    }
    const over = /^(last_over_time|resets)\((.*)\[(\d+)s\]\)$/s.exec(expression);
    if (over === null) throw new Error(`the simulated server does not know ${expression}`);
    return this.#select(over[2] ?? '', Number(over[3]) * 1000, atMs).flatMap(({ labels, samples }) => {
      const last = samples.at(-1);
      if (last === undefined) return [];
      if (over[1] === 'last_over_time') return [{ labels, value: last[1] }];
      const unnamed = Object.fromEntries(Object.entries(labels).filter(([name]) => name !== '__name__'));
      const value = samples.filter(([, now], index) => now < (samples[index - 1]?.[1] ?? -Infinity)).length;
      return [{ labels: unnamed, value }];
    });
  }

  #select(selector: string, spanMs: number, atMs: number): readonly ScrapedSeries[] {
    return this.#fitting(selector).flatMap(({ labels, samples }) => {
      const from = firstAfter(samples, atMs - spanMs);
      const to = firstAfter(samples, atMs);
      return to === from ? [] : [{ labels, samples: samples.slice(from, to) }];
    });
  }

  #fitting(selector: string): readonly ScrapedSeries[] {
    if (this.#fittingOf !== this.series) this.#fittingBySelector.clear();
    this.#fittingOf = this.series;
    let fitting = this.#fittingBySelector.get(selector);
    if (fitting === undefined) {
      const fits = matcherOf(selector);
      fitting = this.series.filter(({ labels }) => fits(labels));
      this.#fittingBySelector.set(selector, fitting);
    }
    return fitting;
  }
}

function firstAfter(samples: ScrapedSeries['samples'], ms: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.[0] ?? Infinity) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Reads a selector without quotes or escapes in its values. */
function matcherOf(selector: string): (labels: Labels) => boolean {
  const parts = /^([a-zA-Z_:][\w:]*)?(?:\{(.*)\})?$/s.exec(selector);
  if (parts === null) throw new Error(`the simulated server does not know the selector ${selector}`);
  const matchers = [...(parts[2] ?? '').matchAll(/([\w:]+)(=~|!~|!=|=)"([^"]*)"/g)].map(
    ([, label = '', operator = '=', value = '']) => ({ label, operator, value }),
  );
  if (parts[1] !== undefined) matchers.push({ label: '__name__', operator: '=', value: parts[1] });
  return (labels) =>
    matchers.every(({ label, operator, value }) => {
      const text = labels[label] ?? '';
      if (operator === '=') return text === value;
      if (operator === '!=') return text !== value;
      const fits = new RegExp(`^(?:${value})$`, 's').test(text);
      return operator === '=~' ? fits : !fits;
    });
}
