import { setMaxListeners } from 'node:events';
import { modelQueries, modelSettings, prometheusServers, type Config } from '../../config/index.js';
import { describeFieldError } from '../../domain/errors.js';
import { PrometheusServers } from '../../sources/index.js';
import { checkModel } from './check-model.js';
import { checkServer } from './check-server.js';
import { error, type CheckResult, type Finding, type OnlineReport } from './finding.js';
import type { ModelToCheck } from './models-to-check.js';

/** How a check of live servers is made. */
export interface OnlineCheck {
  readonly models: readonly ModelToCheck[];
  /** Whether servers that none of the models is read from are tested too. */
  readonly allServers: boolean;
  /** All questions end by then. */
  readonly timeoutMs: number;
  readonly nowMs: number;
}

/** Tests the servers of a config, and the signals of models on them. Never throws for what can be expected of a network. */
export async function checkOnline(config: Config, check: OnlineCheck): Promise<OnlineReport> {
  const signal = AbortSignal.timeout(check.timeoutMs);
  // All queries listen to it.
  setMaxListeners(0, signal);
  const servers = new PrometheusServers(prometheusServers(config));
  try {
    const models = check.models.map((model) => ({ ...model, queries: queriesOf(config, model) }));
    const used = new Set(models.flatMap(({ queries }) => (queries.ok ? [queries.value.server] : [])));
    const names = servers.names.filter((name) => check.allServers || used.has(name));
    const ofServers = await Promise.all(names.map((name) => serverFinding(servers, name, check, signal)));
    const answering = new Set(ofServers.filter(({ level }) => level !== 'error').map(({ server }) => server));
    const findings: Finding[] = [...ofServers];
    // One after the other: a server is not to be asked everything at once.
    for (const { queries, ...model } of models) {
      const results = await modelResults(
        config,
        { ...model, queries },
        { servers, answering, check, signal },
      );
      const server = queries.ok ? queries.value.server : '';
      const { namespace, model: name } = model;
      findings.push(...results.map((result) => findingOf({ server, namespace, model: name }, result)));
    }
    return { usable: findings.every(({ level }) => level !== 'error'), findings };
  } finally {
    servers.close();
  }
}

/** With what matters most in front. */
function findingOf(of: Pick<Finding, 'server' | 'namespace' | 'model'>, result: CheckResult): Finding {
  const { level, ...rest } = result;
  return { level, ...of, ...rest };
}

type Queries = NonNullable<ReturnType<typeof modelQueries>>;

/** How a model is read; it is one that is read from Prometheus. */
function queriesOf(config: Config, { namespace, model }: ModelToCheck): Queries {
  return (
    modelQueries(config, namespace, model) ?? {
      ok: false,
      errors: [{ path: `models.${model}.source`, message: 'expected prometheus' }],
    }
  );
}

async function serverFinding(
  servers: PrometheusServers,
  name: string,
  { nowMs }: OnlineCheck,
  signal: AbortSignal,
): Promise<Finding> {
  const server = servers.get(name);
  if (server === undefined) throw new Error(`the config has no server ${name}`);
  return findingOf({ server: name }, await checkServer(server, nowMs, signal));
}

async function modelResults(
  config: Config,
  { queries, namespace, model, compared }: ModelToCheck & { readonly queries: Queries },
  parts: {
    readonly servers: PrometheusServers;
    readonly answering: ReadonlySet<string>;
    readonly check: OnlineCheck;
    readonly signal: AbortSignal;
  },
): Promise<readonly CheckResult[]> {
  if (!queries.ok) {
    return queries.errors.map((one) => error('config', describeFieldError(one), 'correct the config'));
  }
  const server = parts.servers.get(queries.value.server);
  if (server === undefined || !parts.answering.has(server.name)) {
    return [
      error('requests', `not checked: the server ${queries.value.server} does not answer`, 'see the server'),
    ];
  }
  const settings = modelSettings(config, namespace, model);
  return checkModel({
    server,
    queries: queries.value,
    guardrails: config.policies.get(settings.policy ?? 'default')?.guardrails ?? [],
    ...(compared === undefined ? {} : { compared }),
    nowMs: parts.check.nowMs,
    signal: parts.signal,
  });
}
