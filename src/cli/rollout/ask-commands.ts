import { userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Command as RolloutCommand } from '../../progressive/index.js';
import { rolloutReference } from '../../progressive/resource/index.js';
import type { KubernetesObject } from '../../progressive/cluster/kubernetes-object.js';
import type { CommandContext } from '../commands.js';
import { printable } from '../output/printable.js';
import { coloursOf } from '../output/verdict-table.js';
import { addCommand, newCommand, type Unwritten } from './add-command.js';
import {
  addClusterOptions,
  withCluster,
  type ChosenCluster,
  type ClusterOptions,
} from './cluster-options.js';
import { commandEffect } from './command-effect.js';
import { controllerPatienceMs } from './controller-patience.js';
import { refusalText } from './controller-refusal.js';
import { refuse, rolloutFailureText } from './refused.js';
import { storedRollout, type StoredRollout } from './stored-rollout.js';
import { rolloutLines } from './view/rollout-lines.js';

interface AskOptions extends ClusterOptions {
  readonly full?: boolean;
}

const descriptions: Readonly<Record<RolloutCommand['kind'], string>> = {
  pause: 'leave the traffic where it is until somebody says more; a rollback verdict still rolls back',
  resume: 'go on where it was paused',
  promote: 'go on to the next stage without waiting for a verdict',
  abort: 'take all traffic from the canary, now',
};

/** `rollout pause|resume|promote|abort NAME`. */
export function addAskCommands(rollout: Command, context: CommandContext): void {
  for (const [kind, description] of Object.entries(descriptions) as [RolloutCommand['kind'], string][]) {
    const command = addClusterOptions(
      rollout.command(kind).description(description).argument('<name>', 'name of the ModelRollout'),
    );
    if (kind === 'promote') command.option('--full', 'to 100 % at once');
    command.action((name: string, options: AskOptions) =>
      withCluster(options, context, (chosen) =>
        ask(name, newCommand(kind, personName(), options.full === true), chosen, context),
      ),
    );
  }
}

async function ask(
  name: string,
  command: RolloutCommand,
  { cluster: { api }, namespace }: ChosenCluster,
  context: CommandContext,
): Promise<void> {
  const reference = rolloutReference(namespace, name);
  const added = await addCommand(api, reference, command, (object) => readFor(command, object));
  if (added.kind === 'needless') {
    context.console.out(`${printable(added.reason)}\n`);
    return;
  }
  if (added.kind === 'refused') {
    refuse(context, added.reason);
    return;
  }
  if (added.kind !== 'ok') {
    refuse(context, await rolloutFailureText(api, reference, added));
    return;
  }
  const endMs = performance.now() + controllerPatienceMs;
  while (performance.now() < endMs) {
    const got = await api.get(reference);
    const stored = got.kind === 'ok' ? storedRollout(got.value, Date.now()) : undefined;
    if (typeof stored === 'object' && stored.shown.state.handledCommands.includes(command.id)) {
      const lines = rolloutLines(stored.shown, Date.now(), coloursOf(context.console));
      context.console.out(`${lines.join('\n')}\n`);
      return;
    }
    const refusal = typeof stored === 'object' ? stored.shown.refusal : undefined;
    if (refusal !== undefined) {
      refuse(
        context,
        `"${command.kind}" is written down, and not obeyed while the rollout is refused: ${refusalText(refusal)}`,
      );
      return;
    }
    await pause(500);
  }
  refuse(
    context,
    `"${command.kind}" is written down, and no controller has obeyed it within ${controllerPatienceMs / 1000} s: is "ml-verdict controller" running?`,
  );
}

/** The rollout as it stands, where the command would do something with it. */
function readFor({ kind }: RolloutCommand, object: KubernetesObject): StoredRollout | Unwritten {
  const stored = storedRollout(object, Date.now());
  if (typeof stored === 'string') return { kind: 'refused', reason: stored };
  const effect = commandEffect(stored, kind);
  return effect.kind === 'obeyed' ? stored : effect;
}

/** Who asks, for the history; a cluster keeps its own audit of who really did. */
export function personName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'a person';
  }
}
