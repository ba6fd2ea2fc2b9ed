import type { Field } from '../files/field.js';
import { goDurationSeconds } from './go-duration.js';
import { filled } from './placeholders.js';
import { leadsToVerdict } from './verdict-address.js';

/** What Argo uses for a limit that is not given. */
const defaultLimits = {
  consecutiveSuccessLimit: 0,
  failureLimit: 0,
  inconclusiveLimit: 0,
  consecutiveErrorLimit: 4,
} as const;

export type LimitName = keyof typeof defaultLimits;

export type DurationName = 'interval' | 'initialDelay';

type Values = ReadonlyMap<string, string>;

/** How a metric is read. */
export interface MetricReading {
  /** Measured and shown, but without effect on the run. */
  readonly dryRun: boolean;
  /** The arguments that have a value. */
  readonly values: Values;
  /** The values that the analyses give which use it. */
  readonly given?: readonly Values[];
}

/** A metric of a template, read with the values that its arguments have: by default, or in one analysis. */
export class Metric {
  readonly field: Field;
  readonly name: string;
  readonly dryRun: boolean;
  readonly #values: Values;
  readonly #given: readonly Values[];

  constructor(field: Field, { dryRun, values, given = [] }: MetricReading) {
    this.field = field;
    this.name = field.at('name').text ?? '';
    this.dryRun = dryRun;
    this.#values = values;
    this.#given = given;
  }

  /** The same metric as one analysis runs it. */
  read(reading: MetricReading): Metric {
    return new Metric(this.field, reading);
  }

  /** The web provider's part. */
  get web(): Field {
    return this.field.at('provider', 'web');
  }

  /** The address, as far as arguments have values. */
  get url(): string {
    return this.#urlWith(this.#values);
  }

  /** Whether it asks ml-verdict, by itself or with what an analysis gives. */
  get callsVerdict(): boolean {
    if (!this.web.exists) return false;
    const urls = [this.#values, ...this.#given].map((values) => this.#urlWith(values));
    const known = urls.filter((url) => !url.includes('{{'));
    if ((known.length > 0 ? known : urls).some(leadsToVerdict)) return true;
    // Of an address that nobody tells the conditions have to say it.
    const conditions = `${this.successCondition ?? ''} ${this.failureCondition ?? ''}`;
    return known.length === 0 && /["'](?:promote|rollback)["']/.test(conditions);
  }

  get successCondition(): string | undefined {
    return this.#condition('successCondition');
  }

  get failureCondition(): string | undefined {
    return this.#condition('failureCondition');
  }

  /**
   * After how many measurements it ends by itself: once without count and interval, never (Infinity) with an interval and
   * without a count or with 0. Undefined where an argument without a value decides.
   */
  get effectiveCount(): number | undefined {
    const count = this.#whole('count', 0);
    if (count === undefined) return undefined;
    if (count !== 0) return Math.max(1, count);
    return (this.field.at('interval').plainText ?? '') === '' ? 1 : Infinity;
  }

  /** A limit, or Argo's default where none is given; undefined where it is an argument without a value. */
  limit(name: LimitName): number | undefined {
    return this.#whole(name, defaultLimits[name]);
  }

  /** A duration as it is written; undefined where none is, or an argument has no value. */
  duration(name: DurationName): string | undefined {
    const { text } = this.field.at(name);
    return text === undefined ? undefined : filled(text, this.#values);
  }

  /** Seconds between two measurements; undefined where none is given or it is none. */
  get intervalSeconds(): number | undefined {
    return this.#seconds('interval');
  }

  get initialDelaySeconds(): number {
    return this.#seconds('initialDelay') ?? 0;
  }

  /** Whether it is measured for as long as the run goes on. */
  get isEndless(): boolean {
    return this.effectiveCount === Infinity;
  }

  /** How long it is measured if nothing decides earlier; infinite without a count, undefined where that is not known. */
  get longestSeconds(): number | undefined {
    const { effectiveCount } = this;
    return effectiveCount === undefined ? undefined : this.#secondsOf(effectiveCount);
  }

  /** For how long holds are taken before the run ends for them; infinite where that is not known. */
  get patienceSeconds(): number {
    return this.#secondsOf(
      Math.min(this.effectiveCount ?? Infinity, (this.limit('inconclusiveLimit') ?? Infinity) + 1),
    );
  }

  #secondsOf(measurements: number): number {
    if (measurements === Infinity) return Infinity;
    return this.initialDelaySeconds + (this.intervalSeconds ?? 0) * Math.max(0, measurements - 1);
  }

  #urlWith(values: Values): string {
    const text = this.web.at('url').text ?? '';
    return filled(text, values) ?? text;
  }

  #condition(name: 'successCondition' | 'failureCondition'): string | undefined {
    const text = this.field.at(name).text?.trim();
    return text === '' ? undefined : text;
  }

  #seconds(name: DurationName): number | undefined {
    const text = this.duration(name);
    return text === undefined ? undefined : goDurationSeconds(text);
  }

  /** Like Argo's IntOrString: a text that is no whole number is 0. */
  #whole(name: 'count' | LimitName, absent: number): number | undefined {
    const field = this.field.at(name);
    if (!field.exists) return absent;
    const text = filled(field.plainText ?? '', this.#values);
    if (text === undefined) return undefined;
    return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : 0;
  }
}
