import type { Field } from '../files/field.js';
import { goDurationSeconds } from './go-duration.js';
import { filled, placeholdersIn } from './placeholders.js';

/** What Argo uses for a limit that is not given. */
const defaultLimits = {
  consecutiveSuccessLimit: 0,
  failureLimit: 0,
  inconclusiveLimit: 0,
  consecutiveErrorLimit: 4,
} as const;

export type LimitName = keyof typeof defaultLimits;

/** A metric of a template, read with the values that its arguments have by default. */
export class Metric {
  readonly field: Field;
  readonly name: string;
  /** Measured and shown, but without effect on the run. */
  readonly dryRun: boolean;
  readonly #defaults: ReadonlyMap<string, string>;

  constructor(field: Field, dryRun: boolean, defaults: ReadonlyMap<string, string>) {
    this.field = field;
    this.name = field.at('name').text ?? '';
    this.dryRun = dryRun;
    this.#defaults = defaults;
  }

  /** The web provider's part. */
  get web(): Field {
    return this.field.at('provider', 'web');
  }

  /** The address, as far as arguments have defaults. */
  get url(): string {
    const text = this.web.at('url').text ?? '';
    return filled(text, this.#defaults) ?? text;
  }

  /** Whether it asks ml-verdict: by the path, else by a name in the address, else by the verdicts in its conditions. */
  get callsVerdict(): boolean {
    if (!this.web.exists) return false;
    const { text = '' } = this.web.at('url');
    if (/verdict/i.test(text) || /verdict/i.test(this.url)) return true;
    const onlyPlaceholder =
      placeholdersIn(text).length > 0 && !/\/[\w-]/.test(text.replace(/\{\{.*?\}\}/g, ''));
    const conditions = `${this.successCondition ?? ''} ${this.failureCondition ?? ''}`;
    return onlyPlaceholder && /["'](?:promote|rollback)["']/.test(conditions);
  }

  get successCondition(): string | undefined {
    return this.#condition('successCondition');
  }

  get failureCondition(): string | undefined {
    return this.#condition('failureCondition');
  }

  /** How often it is measured; undefined where nothing is said or it cannot be known. */
  get count(): number | undefined {
    return this.#whole(this.field.at('count'));
  }

  limit(name: LimitName): number {
    return this.#whole(this.field.at(name)) ?? defaultLimits[name];
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
    return !this.field.at('count').exists && this.field.at('interval').exists;
  }

  /** How long it is measured if nothing decides earlier; infinite without a count. */
  get longestSeconds(): number {
    if (this.isEndless) return Infinity;
    return this.initialDelaySeconds + (this.intervalSeconds ?? 0) * Math.max(0, (this.count ?? 1) - 1);
  }

  /** For how long holds are taken before the run ends for them. */
  get patienceSeconds(): number {
    const measured = Math.min(
      this.count ?? (this.isEndless ? Infinity : 1),
      this.limit('inconclusiveLimit') + 1,
    );
    return this.initialDelaySeconds + (this.intervalSeconds ?? 0) * Math.max(0, measured - 1);
  }

  #condition(name: 'successCondition' | 'failureCondition'): string | undefined {
    const text = this.field.at(name).text?.trim();
    return text === '' ? undefined : text;
  }

  #seconds(name: 'interval' | 'initialDelay'): number | undefined {
    const text = filled(this.field.at(name).plainText ?? '', this.#defaults);
    return text === undefined ? undefined : goDurationSeconds(text);
  }

  #whole(field: Field): number | undefined {
    const text = filled(field.plainText ?? '', this.#defaults)?.trim();
    return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
  }
}
