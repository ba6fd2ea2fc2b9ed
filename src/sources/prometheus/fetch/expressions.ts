import { minuteMs } from '../../looks/minutes.js';
import type { Channel } from '../counting/channel.js';
import { keyOf } from '../counting/sampled-series.js';
import { selectorText, stringLiteral } from '../signals/selector.js';
import type { LatencySummary, Matcher, ModelQueries } from '../signals/signal.js';

/** The expressions by which the counters of two versions of a model are read. */
export class Expressions {
  readonly #queries: ModelQueries;
  readonly #both: Matcher;
  readonly #canary: Matcher;
  readonly #requests: Channel;

  constructor(
    queries: ModelQueries,
    requests: Channel,
    versions: { readonly both: Matcher; readonly canary: Matcher },
  ) {
    this.#queries = queries;
    this.#requests = requests;
    this.#both = versions.both;
    this.#canary = versions.canary;
  }

  /** The last value of every counter in the minute before: what it showed at the end of the look. */
  ends(channel: Channel): string {
    return atEnd(this.#selector(channel));
  }

  /** Every sample of some time as it was scraped. */
  samples(channel: Channel, spanMs: number): string {
    return `${this.#selector(channel)}[${Math.ceil(spanMs / 1000)}s]`;
  }

  /** Where a counter of requests went down within two minutes, so that a restart across the end of a look is seen. */
  resets(): string {
    const { metrics, where } = this.#requests.selection;
    // One by one: without their names, series of two metrics may be the same.
    return metrics
      .map((metric) => `resets(${selectorText([metric], [...where, this.#both])}[${2 * minuteSeconds}s]) > 0`)
      .join(' or ');
  }

  /** How many counters of requests the canary had: from when on it was there. */
  presence(): string {
    const { metrics, where } = this.#requests.selection;
    return `count(${atEnd(selectorText(metrics, [...where, this.#canary]))})`;
  }

  /** When the processes began whose requests are counted. */
  starts(): string {
    const { metric, on } = this.#queries.startTime;
    const labels = on
      .map((label) => (/^[a-zA-Z_]\w*$/.test(label) ? label : stringLiteral(label)))
      .join(', ');
    return `${atEnd(selectorText([metric], []))} and on (${labels}) ${this.ends(this.#requests)}`;
  }

  /** When the counters themselves began, as some client libraries tell in a series beside each. */
  created(channels: readonly Channel[]): string {
    const names = new Set<string>();
    for (const { selection, native } of channels) {
      for (const metric of selection.metrics) {
        names.add(`${native === true ? metric : metric.replace(/_(?:bucket|count|sum|total)$/, '')}_created`);
      }
    }
    return atEnd(selectorText([...names], [this.#both]));
  }

  /** Quantiles that servers computed themselves, as they were at the end of the look. */
  summaries({ metric, where }: LatencySummary): string {
    return atEnd(selectorText([metric], [...where, this.#both]));
  }

  /** The labels by which versions are told, of everything that counts requests for the model. */
  versions(spanMs: number): string {
    const { metrics, where } = this.#requests.selection;
    const selector = selectorText(metrics, where);
    const { label } = this.#queries.version;
    const by = /^[a-zA-Z_]\w*$/.test(label) ? label : stringLiteral(label);
    return `count by (${by}) (last_over_time(${selector}[${Math.ceil(spanMs / 1000)}s]))`;
  }

  /** What identifies the channels: expressions that are the same are asked once. */
  keyOf(channel: Channel): string {
    return keyOf(['expression'], { expression: this.#selector(channel) });
  }

  #selector({ selection: { metrics, where } }: Channel): string {
    return selectorText(metrics, [...where, this.#both]);
  }
}

const minuteSeconds = minuteMs / 1000;

function atEnd(selector: string): string {
  return `last_over_time(${selector}[${minuteSeconds}s])`;
}
