import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { describeFieldError, VerdictError } from '../domain/errors.js';
import { failure, success, type Result } from '../domain/result.js';
import { createReceiver } from '../progressive/alerts/index.js';
import { openCluster } from '../progressive/cluster/open-cluster.js';
import { leaseName, startController } from '../progressive/controller/index.js';
import { stopOnSignals } from '../server/index.js';
import { createControllerMetrics, createLogger } from '../telemetry/index.js';
import type { AddCommand, CommandContext } from './commands.js';
import { openEndpoint } from './controller/controller-endpoint.js';
import { exitStatus } from './exit-status.js';
import { addJudgeOptions, readJudgeOptions, type JudgeOptions } from './rollout/foreground-options.js';
import { openStageJudge } from './rollout/stage-judge.js';

interface ControllerOptions extends JudgeOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: readonly string[];
  readonly leaseNamespace?: string;
  readonly leaseName: string;
  readonly host?: string;
  readonly metricsPort?: string;
}

/** `controller`: drives every ModelRollout of a cluster, until SIGTERM or SIGINT. */
export const addControllerCommand: AddCommand = (program, context) => {
  const command = program
    .command('controller')
    .description('drive canaries of KServe and Seldon: every ModelRollout of a cluster')
    .option('--kubeconfig <file>', 'kubeconfig (default: KUBECONFIG, the pod, ~/.kube/config)')
    .option('--context <name>', 'context of the kubeconfig')
    .option(
      '-n, --namespace <name...>',
      'only ModelRollouts in these namespaces; may be given again (default: all)',
    )
    .option(
      '--lease-namespace <name>',
      'where the Lease is by which one of several replicas leads (default: that of the pod or context)',
    )
    .option(
      '--lease-name <name>',
      'name of that Lease: another for each installation that has its Leases in one namespace',
      leaseName,
    )
    .option('--host <address>', 'address of metrics and probes (default 127.0.0.1; env ML_VERDICT_HOST)')
    .option('--metrics-port <number>', 'port of /metrics, /healthz and /readyz (default 9090)');
  addJudgeOptions(command).action((options: ControllerOptions) => control(options, context));
};

async function control(options: ControllerOptions, context: CommandContext): Promise<void> {
  const { console, env } = context;
  const port = readPort(options.metricsPort ?? '9090');
  const lease = readLeaseName(options.leaseName);
  const read = readJudgeOptions(options, context);
  const metrics = createControllerMetrics({ processMetrics: true });
  const opened = await openCluster({
    file: options.kubeconfig,
    context: options.context,
    env,
    now: Date.now,
    onRequest: (verb, result) => {
      metrics.request(verb, result);
    },
  });
  if (!port.ok || !lease.ok || !read.ok || !opened.ok) {
    for (const result of [port, lease, read, opened]) {
      if (result.ok) continue;
      for (const error of result.errors) console.err(`ml-verdict: ${describeFieldError(error)}\n`);
    }
    if (opened.ok) opened.value.close();
    context.setStatus(exitStatus.refused);
    return;
  }
  const cluster = opened.value;
  const { config, place } = read.value;
  const logger = createLogger({ level: config.logging.level });
  try {
    const judge = await openStageJudge(place, { logger, now: Date.now });
    try {
      const controller = startController({
        api: cluster.api,
        watch: cluster.watch,
        judge: judge.judge,
        receivers: () => config.alerts.receivers.map((settings) => createReceiver(settings, Date.now)),
        ...(config.alerts.link === undefined ? {} : { alertLink: config.alerts.link }),
        namespaces: options.namespace ?? [],
        lease: {
          namespace: options.leaseNamespace ?? cluster.namespace ?? 'default',
          name: lease.value,
          identity: `${hostname()}-${randomUUID().slice(0, 8)}`,
        },
        now: Date.now,
        log: logger,
        metrics,
      });
      const endpoint = await openEndpoint({
        host: options.host ?? env['ML_VERDICT_HOST'] ?? '127.0.0.1',
        port: port.value,
        metrics: async () => ({
          text: await metrics.registry.metrics(),
          type: metrics.registry.contentType,
        }),
        obstacle: () => controller.obstacle,
      }).catch(async (error: unknown) => {
        await controller.stop();
        throw error;
      });
      const stopped = stopOnSignals(() => controller.stop(), logger);
      console.out(
        `ml-verdict drives the ModelRollouts of ${cluster.url}; metrics on port ${endpoint.port}\n`,
      );
      await stopped;
      await endpoint.close();
    } finally {
      await judge.close();
    }
  } catch (error) {
    if (!(error instanceof VerdictError)) throw error;
    console.err(`ml-verdict: ${error.message}\n`);
    context.setStatus(exitStatus.refused);
  } finally {
    cluster.close();
  }
}

function readPort(text: string): Result<number> {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return success(port);
  return failure([{ path: '--metrics-port', message: `expected a port from 0 to 65535, got "${text}"` }]);
}

/** What the API server takes as a name; one that it refuses would be asked for again and again. */
function readLeaseName(text: string): Result<string> {
  const part = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
  if (text.length <= 253 && new RegExp(`^${part}(\\.${part})*$`).test(text)) return success(text);
  const message = `expected a name of lower-case letters, digits, hyphens and dots, 253 at most, got "${text}"`;
  return failure([{ path: '--lease-name', message }]);
}
