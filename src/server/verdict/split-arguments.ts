import type { FieldError } from '../../domain/errors.js';
import { suggestName } from '../../domain/nearest-name.js';
import { quote } from '../../domain/parsing.js';
import { guardrailSettingNames } from '../schemas/guardrail-settings.js';
import { verdictArgumentsSchema } from '../schemas/verdict-arguments.js';
import { tooManyFields } from './too-many-fields.js';

/** The arguments of a verdict by what they are: named ones, and settings of guardrails in their three forms. */
export interface SplitArguments {
  readonly named: Readonly<Record<string, unknown>>;
  /** Settings of the one guardrail that is named. */
  readonly flat: Readonly<Record<string, unknown>>;
  /** Settings by guardrail, from `guardrails` and from `name.setting`. */
  readonly byGuardrail: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly errors: readonly FieldError[];
}

const namedArguments = Object.keys(verdictArgumentsSchema.shape);
const knownArguments = [...namedArguments, 'guardrails', ...guardrailSettingNames];
const longestPath = 80;

/** For so many unknown fields a name is looked for that could be meant: a person reads no more of them. */
const mostHints = 20;

/**
 * Sorts arguments; empty texts count as absent, and whatever is not known is an error with the nearest known name. Of too
 * many fields only the named ones are taken, beside the one error that says so.
 */
export function splitArguments(values: Readonly<Record<string, unknown>>): SplitArguments {
  const tooMany = tooManyFields(values);
  if (tooMany !== undefined) {
    const entries = namedArguments.flatMap((name) =>
      Object.hasOwn(values, name) && values[name] !== '' ? [[name, values[name]] as const] : [],
    );
    return { named: Object.fromEntries(entries), flat: {}, byGuardrail: {}, errors: [tooMany] };
  }
  const named = new Map<string, unknown>();
  const flat = new Map<string, unknown>();
  const errors = new ArgumentErrors();
  const settings = new SettingsByGuardrail(errors);
  for (const [key, value] of Object.entries(values)) {
    const dot = key.lastIndexOf('.');
    if (value === '') continue;
    if (namedArguments.includes(key)) named.set(key, value);
    else if (key === 'guardrails') settings.addAll(value);
    else if (guardrailSettingNames.includes(key)) flat.set(key, value);
    else if (dot > 0) settings.add(key.slice(0, dot), key.slice(dot + 1), value, shorten(key));
    else errors.addUnknown(shorten(key), key, knownArguments);
  }
  return {
    named: Object.fromEntries(named),
    flat: Object.fromEntries(flat),
    byGuardrail: settings.all(),
    errors: errors.all,
  };
}

/** What is wrong, in the order in which it was written. */
class ArgumentErrors {
  readonly all: FieldError[] = [];
  #hints = 0;

  add(path: string, message: string): void {
    this.all.push({ path, message });
  }

  addUnknown(path: string, written: string, known: readonly string[]): void {
    this.#hints++;
    this.add(
      path,
      this.#hints > mostHints ? 'unknown field' : `unknown field; ${suggestName(written, known)}`,
    );
  }
}

/** Settings by guardrail name, each taken once. Maps, since the names are the caller's. */
class SettingsByGuardrail {
  readonly #errors: ArgumentErrors;
  readonly #settings = new Map<string, Map<string, unknown>>();

  constructor(errors: ArgumentErrors) {
    this.#errors = errors;
  }

  add(guardrail: string, setting: string, value: unknown, path: string): void {
    const known = this.#settings.get(guardrail) ?? new Map<string, unknown>();
    if (value === '') return;
    if (!guardrailSettingNames.includes(setting)) {
      this.#errors.addUnknown(path, setting, guardrailSettingNames);
    } else if (known.has(setting)) {
      this.#errors.add(path, 'expected the setting once, got it in two forms');
    }
    known.set(setting, value);
    this.#settings.set(guardrail, known);
  }

  addAll(value: unknown): void {
    if (!isObject(value)) {
      this.#errors.add('guardrails', `expected an object of settings by guardrail, got ${quote(value)}`);
      return;
    }
    for (const [guardrail, settings] of Object.entries(value)) {
      const path = shorten(`guardrails.${guardrail}`);
      if (settings === '') continue;
      if (!isObject(settings)) {
        this.#errors.add(path, `expected an object of settings, got ${quote(settings)}`);
        continue;
      }
      for (const [setting, given] of Object.entries(settings)) {
        this.add(guardrail, setting, given, shorten(`${path}.${setting}`));
      }
    }
  }

  all(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
    return Object.fromEntries(
      [...this.#settings].map(([name, fields]) => [name, Object.fromEntries(fields)]),
    );
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shorten(path: string): string {
  return path.length <= longestPath ? path : `${path.slice(0, longestPath - 1)}…`;
}
