import {
  entryNames,
  knownLatencyBounds,
  modelOfEntry,
  modelQueries,
  modelSettings,
  type Config,
} from '../config/index.js';
import { guardrailKind } from '../judge/index.js';
import type { GuardrailSettings } from '../domain/policy.js';
import { limitsBesideBounds } from './limit-warnings.js';

/** What the metrics of a model cannot give its policy, and limits that are no bound of their histogram. */
export function prometheusWarnings(config: Config): readonly string[] {
  return [...config.models.keys()].flatMap((name) => {
    const { namespace, model } = modelOfEntry(name);
    // What is true of the entries that this one takes from has been told of them.
    const known = new Set(
      entryNames(namespace, model)
        .filter((general) => general !== name && config.models.has(general))
        .flatMap((general) => modelWarnings(config, general)),
    );
    return modelWarnings(config, name)
      .filter((warning) => !known.has(warning))
      .map((warning) => `models.${name}.prometheus: ${warning}`);
  });
}

/** The warnings of one entry, without its name. */
function modelWarnings(config: Config, name: string): readonly string[] {
  const { namespace, model } = modelOfEntry(name);
  const queries = modelQueries(config, namespace, model);
  if (queries?.ok !== true) return [];
  const { missing, preset = '' } = queries.value;
  const settings = modelSettings(config, namespace, model);
  const guardrails = config.policies.get(settings.policy ?? 'default')?.guardrails ?? [];
  const bounds = knownLatencyBounds(settings);
  const histogram = `the histogram of preset ${preset}`;
  return [
    ...Object.entries(missing)
      .filter(([signal]) => isNeeded(signal, guardrails))
      .map(([signal, told]) => `${signal}: ${told}`),
    ...(bounds === undefined ? [] : limitsBesideBounds(guardrails, bounds, histogram)),
  ];
}

/** Whether a policy has a guardrail for a signal. The start of processes is of all of them. */
export function isNeeded(signal: string, guardrails: readonly GuardrailSettings[]): boolean {
  return signal === 'startTime' || guardrails.some(({ kind }) => signalOf(kind) === signal);
}

function signalOf(kind: string): string {
  const { sampleName } = guardrailKind(kind);
  if (sampleName === 'predictions' || sampleName === 'outcomes') return sampleName;
  return kind.startsWith('latency-') ? 'latency' : 'errors';
}
