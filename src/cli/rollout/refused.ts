import type { ApiFailure, ClusterApi } from '../../progressive/cluster/cluster-api.js';
import { modelRolloutKind, rolloutText } from '../../progressive/resource/index.js';
import type { CommandContext } from '../commands.js';
import { exitStatus } from '../exit-status.js';
import { printable } from '../output/printable.js';

/** Says why a command did nothing. */
export function refuse(context: CommandContext, text: string): void {
  context.console.err(`ml-verdict: ${printable(text)}\n`);
  context.setStatus(exitStatus.refused);
}

/** What an API server's failure means for somebody who has asked for a rollout. */
export function failureText(what: string, failure: ApiFailure): string {
  switch (failure.kind) {
    case 'not-found':
      return `${what} is not there (${failure.reason})`;
    case 'conflict':
      return `${what} was changed by somebody else meanwhile (${failure.reason})`;
    case 'invalid':
      return `the API server refuses ${what}: ${failure.reason}`;
    case 'forbidden':
      return `you may not do that with ${what}: ${failure.reason}`;
    case 'unavailable':
      return `the API server does not answer: ${failure.reason}`;
  }
}

/** A cluster without the definition of the resource. */
export const withoutDefinition =
  'the cluster does not know ModelRollouts: the component deploy/components/controller installs them, with the controller that drives them; "rollout start --foreground" needs neither';

/** The same of a ModelRollout: whether it is not there, or no cluster could have one, looks the same until it is asked. */
export async function rolloutFailureText(
  api: ClusterApi,
  rollout: { readonly namespace: string; readonly name: string },
  failure: ApiFailure,
): Promise<string> {
  if (failure.kind === 'not-found') {
    const listed = await api.list(modelRolloutKind, { namespace: rollout.namespace });
    if (listed.kind === 'not-found') return withoutDefinition;
  }
  return failureText(rolloutText(rollout), failure);
}
