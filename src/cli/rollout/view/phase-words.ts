import { formatSeconds } from '../../../domain/units.js';
import type { Phase, RolloutSpec, RolloutState } from '../../../progressive/index.js';

/** Where a rollout stands, in a few words. */
export function phaseWords({ phase, percent }: RolloutState): string {
  switch (phase.kind) {
    case 'waiting':
      return 'waiting for the new version';
    case 'shifting':
      return `setting ${phase.toPercent} %`;
    case 'stabilising':
      return `stabilising at ${percent} %`;
    case 'analysing':
      return `analysing at ${percent} %`;
    case 'promoting':
      return 'promoting';
    case 'paused':
      return `paused at ${percent} %`;
    case 'rolling-back':
      return 'rolling back';
    case 'rolled-back':
      return 'rolled back';
    case 'promoted':
      return 'promoted';
    case 'failed':
      return 'ended without promotion';
  }
}

/** What a person should know beside that: why, or until when. */
export function phaseReason(spec: RolloutSpec, state: RolloutState, nowMs: number): string | undefined {
  const { phase } = state;
  switch (phase.kind) {
    case 'stabilising': {
      const stage = spec.stages.findLast(({ percent }) => percent <= state.percent) ?? spec.stages[0];
      const leftSeconds = (stage?.stabilisationSeconds ?? 0) - (nowMs - phase.sinceMs) / 1000;
      return leftSeconds > 0 ? `${formatSeconds(leftSeconds)} more, these looks are no evidence` : undefined;
    }
    case 'analysing':
      return `for ${formatSeconds((nowMs - phase.sinceMs) / 1000)}`;
    case 'paused':
    case 'rolling-back':
    case 'rolled-back':
    case 'failed':
      return phase.text;
    default:
      return undefined;
  }
}

/** The command that a person may want next; undefined: none. */
export function nextCommand(phase: Phase, name: string, namespace: string): string | undefined {
  if (phase.kind !== 'paused') return undefined;
  return `ml-verdict rollout resume ${name} -n ${namespace}    (or promote, or abort)`;
}
