import type { Command } from 'commander';
import { describeFieldError } from '../../domain/errors.js';
import { openCluster, type OpenCluster } from '../../progressive/cluster/open-cluster.js';
import type { CommandContext } from '../commands.js';
import { refuse } from './refused.js';

/** Which cluster is meant, and which namespace of it. */
export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

/** The options of kubectl, under its names. */
export function addClusterOptions(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'kubeconfig (default: KUBECONFIG, the pod, ~/.kube/config)')
    .option('--context <name>', 'context of the kubeconfig')
    .option('-n, --namespace <name>', 'namespace (default: that of the context)');
}

/** A cluster, and the namespace that a command is about. */
export interface ChosenCluster {
  readonly cluster: OpenCluster;
  readonly namespace: string;
}

/** Does the work with a cluster and closes it; says what is wrong with the options, with the status of a refusal. */
export async function withCluster(
  options: ClusterOptions,
  context: CommandContext,
  work: (chosen: ChosenCluster) => Promise<void>,
): Promise<void> {
  const opened = await openCluster({
    file: options.kubeconfig,
    context: options.context,
    env: context.env,
    now: Date.now,
  });
  if (!opened.ok) {
    refuse(context, opened.errors.map(describeFieldError).join('; '));
    return;
  }
  const cluster = opened.value;
  try {
    await work({ cluster, namespace: options.namespace ?? cluster.namespace ?? 'default' });
  } finally {
    cluster.close();
  }
}
