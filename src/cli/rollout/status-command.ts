import type { Command } from 'commander';
import { modelRolloutKind, rolloutReference } from '../../progressive/resource/index.js';
import type { CommandContext } from '../commands.js';
import { formatDocuments, parseOutputFormat, type OutputFormat } from '../output/format.js';
import { coloursOf, plainTable } from '../output/verdict-table.js';
import {
  addClusterOptions,
  withCluster,
  type ChosenCluster,
  type ClusterOptions,
} from './cluster-options.js';
import { storedStatus } from './end-status.js';
import { followRollout } from './follow.js';
import { interruption } from './interruption.js';
import { LiveView } from './live-view.js';
import { failureText, refuse, rolloutFailureText, withoutDefinition } from './refused.js';
import { storedRollout } from './stored-rollout.js';
import { rolloutLines } from './view/rollout-lines.js';
import { rolloutRow } from './view/rollout-row.js';

interface StatusOptions extends ClusterOptions {
  readonly output: OutputFormat;
  readonly watch?: boolean;
  readonly allNamespaces?: boolean;
}

/** `rollout status [NAME]`: one rollout in full, or all of a namespace. */
export function addStatusCommand(rollout: Command, context: CommandContext): void {
  addClusterOptions(
    rollout
      .command('status')
      .description('show a rollout, or all of a namespace')
      .argument('[name]', 'name of the ModelRollout'),
  )
    .option('-A, --all-namespaces', 'of every namespace')
    .option('-w, --watch', 'go on showing it until it has ended')
    .option('-o, --output <format>', 'table, wide, json, ndjson or yaml', parseOutputFormat, 'table')
    .action((name: string | undefined, options: StatusOptions) =>
      withCluster(options, context, (chosen) =>
        name === undefined ? list(options, chosen, context) : show(name, options, chosen, context),
      ),
    );
}

async function show(
  name: string,
  { output, watch }: StatusOptions,
  { cluster: { api }, namespace }: ChosenCluster,
  context: CommandContext,
): Promise<void> {
  const reference = rolloutReference(namespace, name);
  const got = await api.get(reference);
  if (got.kind !== 'ok') {
    refuse(context, await rolloutFailureText(api, reference, got));
    return;
  }
  if (output !== 'table' && output !== 'wide') {
    context.console.out(formatDocuments([got.value], output));
    return;
  }
  const stored = storedRollout(got.value, Date.now());
  if (typeof stored === 'string') {
    refuse(context, stored);
    return;
  }
  if (watch !== true) {
    const lines = rolloutLines(stored.shown, Date.now(), coloursOf(context.console));
    context.console.out(`${lines.join('\n')}\n`);
    context.setStatus(storedStatus(stored));
    return;
  }
  const interrupted = interruption();
  const followed = await followRollout(api, reference, new LiveView(context.console), interrupted.signal);
  interrupted.dispose();
  if (followed.kind === 'lost') refuse(context, followed.reason);
  else if (followed.stored !== undefined) context.setStatus(storedStatus(followed.stored));
}

async function list(
  { output, allNamespaces }: StatusOptions,
  { cluster: { api }, namespace }: ChosenCluster,
  context: CommandContext,
): Promise<void> {
  const scope = allNamespaces === true ? {} : { namespace };
  const got = await api.list(modelRolloutKind, scope);
  if (got.kind !== 'ok') {
    const isUnknown = got.kind === 'not-found';
    refuse(context, isUnknown ? withoutDefinition : failureText('the list of ModelRollouts', got));
    return;
  }
  const { items } = got.value;
  if (output !== 'table' && output !== 'wide') {
    context.console.out(formatDocuments(items, output));
    return;
  }
  if (items.length === 0) {
    context.console.err(
      allNamespaces === true
        ? 'There are no ModelRollouts.\n'
        : `There are no ModelRollouts in namespace "${namespace}".\n`,
    );
    return;
  }
  const head = [
    'NAMESPACE',
    'NAME',
    'PHASE',
    'CANARY %',
    'VERDICT',
    ...(output === 'wide' ? ['CANARY', 'STABLE', 'WHY'] : []),
  ];
  const rows = items.map((object) => rolloutRow(object, output === 'wide', coloursOf(context.console)));
  context.console.out(plainTable(head, rows));
}
