import assert from 'node:assert/strict';
import { rolloutCommand, type CommandEnd } from '../driving/rollout-command.js';
import type { PlayParts } from './play-parts.js';
import { modelName, type Stage } from './stage.js';

/** Somebody at a terminal: `ml-verdict rollout …` about the stage's model, which has to end well. */
export async function type(
  { clock, cluster }: PlayParts,
  { namespace }: Stage,
  ...words: readonly string[]
): Promise<CommandEnd> {
  const [command = '', ...options] = words;
  const args = [command, modelName, '-n', namespace, ...options];
  const end = await rolloutCommand(clock, args, { kubeconfig: cluster.kubeconfig });
  assert.equal(end.status, 0, `${words.join(' ')}: ${end.stdout}\n${end.stderr}`);
  return end;
}
