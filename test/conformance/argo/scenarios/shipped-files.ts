/** The files that people copy, changed for a test in nothing but an address, thresholds and how long things take. */
import { readManifestFile } from '../../../manifests/manifest-files.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Shortening {
  /** Everything takes so many times less long. */
  readonly factor: number;
  /** Where the service of the test answers. */
  readonly verdictUrl: string;
  /** In place of the hour of holds that the templates wait for a decision. */
  readonly holds?: number;
}

/** Keys whose value is a duration, such as `60s` or `5m`, wherever they stand. */
const durations = new Set(['interval', 'initialDelay', 'duration']);

const secondsPerUnit = { s: 1, m: 60, h: 3600 } as const;

/** The objects of a shipped file, such as `rollouts/canary-gated.yaml`. */
export function shippedObjects(path: string, shortening: Shortening): readonly object[] {
  return readManifestFile(path).documents.map((document) => {
    const changed = change(document as Json, '', shortening);
    if (changed === null || typeof changed !== 'object')
      throw new Error(`${path} has something that is no object`);
    return changed;
  });
}

function change(value: Json, key: string, shortening: Shortening): Json {
  if (Array.isArray(value)) return value.map((item: Json) => change(item, key, shortening));
  if (value !== null && typeof value === 'object') return changeObject(value as Fields, shortening);
  if (typeof value === 'string' && durations.has(key)) return shorter(value, shortening.factor);
  if (key === 'minReadySeconds') return 1;
  return value;
}

type Fields = Readonly<Record<string, Json>>;

function changeObject(fields: Fields, shortening: Shortening): Json {
  const changed = Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, change(value, key, shortening)]),
  );
  const { verdictUrl, holds } = shortening;
  if (changed['name'] === 'verdict-url' && 'value' in changed) return { ...changed, value: verdictUrl };
  if (holds !== undefined && 'inconclusiveLimit' in changed) {
    return { ...changed, count: holds + 1, inconclusiveLimit: holds - 1 };
  }
  return changed;
}

function shorter(duration: string, factor: number): string {
  const [, amount, unit] = /^(\d+)([smh])$/.exec(duration) ?? [];
  if (amount === undefined || unit === undefined) throw new Error(`"${duration}" is no duration`);
  const seconds = Number(amount) * secondsPerUnit[unit as keyof typeof secondsPerUnit];
  return `${Math.max(1, Math.round(seconds / factor))}s`;
}

/** The same with other names for some things; templates keep the names under which they are declared. */
export function withNames(object: object, names: Readonly<Record<string, string>>): object {
  if ((object as { readonly kind?: string }).kind?.endsWith('AnalysisTemplate') === true) return object;
  let text = JSON.stringify(object);
  for (const [shipped, name] of Object.entries(names)) text = text.replaceAll(shipped, name);
  return JSON.parse(text) as object;
}

/** A Rollout without the watch beside its steps; everything else as it is. */
export function unwatched(object: object): object {
  const { spec } = object as { readonly spec?: { readonly strategy?: { readonly canary?: object } } };
  const canary = spec?.strategy?.canary;
  if (canary === undefined) return object;
  const steps = Object.fromEntries(Object.entries(canary).filter(([key]) => key !== 'analysis'));
  return { ...object, spec: { ...spec, strategy: { ...spec?.strategy, canary: steps } } };
}

interface StepsOfRollout {
  readonly spec?: {
    readonly strategy?: {
      readonly canary?: {
        readonly steps?: readonly { readonly analysis?: { readonly args: readonly object[] } }[];
      };
    };
  };
}

/** A Rollout whose steps give more arguments to their analyses; everything else as it is. */
export function withFigures(object: object, figures: Readonly<Record<string, string>>): object {
  const { spec } = object as StepsOfRollout;
  const canary = spec?.strategy?.canary;
  if (canary?.steps === undefined) return object;
  const more = Object.entries(figures).map(([name, value]) => ({ name, value }));
  const steps = canary.steps.map((step) =>
    step.analysis === undefined
      ? step
      : { ...step, analysis: { ...step.analysis, args: [...step.analysis.args, ...more] } },
  );
  return { ...object, spec: { ...spec, strategy: { ...spec?.strategy, canary: { ...canary, steps } } } };
}
