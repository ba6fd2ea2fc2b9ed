import { userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Command as RolloutCommand } from '../../progressive/index.js';
import { rolloutReference } from '../../progressive/resource/index.js';
import type { CommandContext } from '../commands.js';
import { coloursOf } from '../output/verdict-table.js';
import { addCommand, newCommand } from './add-command.js';
import {
  addClusterOptions,
  withCluster,
  type ChosenCluster,
  type ClusterOptions,
} from './cluster-options.js';
import { failureText, refuse } from './refused.js';
import { storedRollout } from './stored-rollout.js';
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

/**
 * How long a controller may take to obey before that is told: one whose leader has just died takes the 15 s until the lease
 * has run out, up to 2 s until another looks at it, and then reads all rollouts before it comes to this one.
 */
export const obeyedWithinMs = 30_000;

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
  const what = `the ModelRollout "${name}" in namespace "${namespace}"`;
  const added = await addCommand(api, reference, command, (object) => storedRollout(object, Date.now()));
  if (added.kind === 'unreadable') {
    refuse(context, added.reason);
    return;
  }
  if (added.kind !== 'ok') {
    refuse(context, failureText(what, added));
    return;
  }
  const endMs = performance.now() + obeyedWithinMs;
  while (performance.now() < endMs) {
    const got = await api.get(reference);
    const stored = got.kind === 'ok' ? storedRollout(got.value, Date.now()) : undefined;
    if (typeof stored === 'object' && stored.shown.state.handledCommands.includes(command.id)) {
      const lines = rolloutLines(stored.shown, Date.now(), coloursOf(context.console));
      context.console.out(`${lines.join('\n')}\n`);
      return;
    }
    await pause(500);
  }
  refuse(
    context,
    `"${command.kind}" is written down, and no controller has obeyed it within ${obeyedWithinMs / 1000} s: is "ml-verdict controller" running?`,
  );
}

/** Who asks, for the history; a cluster keeps its own audit of who really did. */
export function personName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'a person';
  }
}
