import { suggestName } from '../domain/nearest-name.js';
import { quote } from '../domain/parsing.js';
import { presetNamed, presetNames, type Preset } from '../sources/prometheus/presets/index.js';
import type { ServerSettings } from '../sources/prometheus/server/server-settings.js';
import { fillText, placeholdersIn } from '../sources/prometheus/signals/placeholders.js';
import type {
  ModelQueries,
  StartTimeSelection,
  VersionSelection,
} from '../sources/prometheus/signals/signal.js';
import { versionPlaceholder } from '../sources/prometheus/signals/versions.js';
import { missingSignals } from './missing-signals.js';
import { resolveSignals, unnamedSettings } from './resolve-signals.js';
import type { ModelName, QueryProblem } from './query-problem.js';
import type { ModelPrometheus } from './sections/model-prometheus.js';

export type ResolvedQueries =
  | { readonly ok: true; readonly value: ModelQueries }
  | { readonly ok: false; readonly problems: readonly QueryProblem[] };

/** Without a preset, versions are told by a label of that name. */
const plainVersion: VersionSelection = { label: 'version', pattern: versionPlaceholder };

const processStart: StartTimeSelection = { metric: 'process_start_time_seconds', on: ['job', 'instance'] };
const usualTargetLabels: readonly string[] = ['namespace', 'pod', 'job', 'instance'];
const usualReplicaLabels: readonly string[] = ['prometheus_replica', 'replica', '__replica__'];

/** Puts preset, settings and names together. */
export function resolveQueries(
  given: ModelPrometheus,
  servers: ReadonlyMap<string, ServerSettings>,
  name: ModelName,
): ResolvedQueries {
  const preset = given.preset === undefined ? undefined : presetNamed(given.preset);
  const server =
    given.server === undefined && servers.size === 1
      ? [...servers.values()][0]
      : servers.get(given.server ?? '');
  const signals = resolveSignals(given, preset, name);
  const version = resolveVersion(given.version ?? preset?.version ?? plainVersion, name);
  const problems = [
    ...serverProblems(given, servers),
    ...presetProblems(given, preset),
    ...unnamedSettings(given, preset),
    ...(version === undefined ? [starProblem(name)] : []),
  ];
  if (problems.length > 0 || server === undefined || signals === undefined || version === undefined) {
    return { ok: false, problems };
  }
  const targetLabels = given.targetLabels ?? usualTargetLabels;
  return {
    ok: true,
    value: {
      server: server.name,
      ...(preset === undefined ? {} : { preset: preset.name }),
      signals,
      version,
      startTime: given.startTime ?? preset?.startTime ?? processStart,
      targetLabels: [...new Set([...targetLabels, version.label])],
      replicaLabels: given.replicaLabels ?? usualReplicaLabels,
      aggregated: given.aggregated ?? false,
      scrapeIntervalMs: given.scrapeIntervalMs ?? server.scrapeIntervalMs,
      missing: missingSignals(given, preset),
    },
  };
}

function serverProblems(
  { server }: ModelPrometheus,
  servers: ReadonlyMap<string, ServerSettings>,
): readonly QueryProblem[] {
  const names = [...servers.keys()];
  if (names.length === 0) {
    const message = 'expected a server in prometheus.servers, which has none';
    return [{ path: server === undefined ? [] : ['server'], message, isIncomplete: false }];
  }
  if (server === undefined) {
    if (names.length === 1) return [];
    const message = `expected a server, one of ${names.map((one) => quote(one)).join(', ')}`;
    return [{ path: [], message, isIncomplete: true }];
  }
  if (servers.has(server)) return [];
  return [
    {
      path: ['server'],
      message: `unknown server ${quote(server)}; ${suggestName(server, names)}`,
      isIncomplete: false,
    },
  ];
}

function presetProblems(given: ModelPrometheus, preset: Preset | undefined): readonly QueryProblem[] {
  if (preset !== undefined) return [];
  if (given.preset !== undefined) {
    const message = `unknown preset ${quote(given.preset)}; ${suggestName(given.preset, presetNames)}`;
    return [{ path: ['preset'], message, isIncomplete: false }];
  }
  if (given.requests !== undefined) return [];
  return [{ path: [], message: 'expected a preset, or the counter of requests', isIncomplete: true }];
}

/** Fills names into a pattern; undefined where a name would say something else there than itself. */
function resolveVersion({ label, pattern }: VersionSelection, name: ModelName): VersionSelection | undefined {
  const used = placeholdersIn(pattern);
  const names = (['model', 'namespace'] as const).filter((one) => used.includes(one)).map((one) => name[one]);
  if (names.some((one) => one.includes('*') || one.includes(versionPlaceholder))) return undefined;
  return { label, pattern: fillText(pattern, { ...name }) };
}

function starProblem({ model, namespace }: ModelName): QueryProblem {
  return {
    path: ['version'],
    message: `the names ${quote(namespace)} and ${quote(model)} cannot stand in its pattern, in which * is any text`,
    isIncomplete: false,
  };
}
