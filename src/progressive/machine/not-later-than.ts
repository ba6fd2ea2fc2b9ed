import type { Phase } from './phase.js';
import type { RolloutState } from './rollout-state.js';

/**
 * The state with no time in it that is yet to come: where the clock was set back, what was written before would hold up every
 * question and every limit until the clock has caught up.
 */
export function notLaterThan(state: RolloutState, nowMs: number): RolloutState {
  const { lastVerdict, startedAtMs, unreadySinceMs, unseen, weights, phase } = state;
  const isPast = (atMs: number | null | undefined): boolean => (atMs ?? nowMs) <= nowMs;
  const isFine =
    isPast(lastVerdict?.toMs) &&
    isPast(startedAtMs) &&
    isPast(unreadySinceMs) &&
    isPast(unseen?.sinceMs) &&
    isPast(weights.at(-1)?.fromMs) &&
    isPast('sinceMs' in phase ? phase.sinceMs : undefined) &&
    isPast(phase.kind === 'analysing' ? phase.patienceFromMs : undefined);
  if (isFine) return state;
  const past = (atMs: number): number => Math.min(atMs, nowMs);
  return {
    ...state,
    phase: phaseNotLaterThan(phase, past),
    lastVerdict: lastVerdict === null || isPast(lastVerdict.toMs) ? lastVerdict : null,
    startedAtMs: startedAtMs === null ? null : past(startedAtMs),
    unreadySinceMs: unreadySinceMs === null ? null : past(unreadySinceMs),
    unseen: unseen === null ? null : { ...unseen, sinceMs: past(unseen.sinceMs) },
    weights: weights.map(({ percent, fromMs }) => ({ percent, fromMs: past(fromMs) })),
  };
}

function phaseNotLaterThan(phase: Phase, past: (atMs: number) => number): Phase {
  switch (phase.kind) {
    case 'analysing':
      return { ...phase, sinceMs: past(phase.sinceMs), patienceFromMs: past(phase.patienceFromMs) };
    case 'waiting':
    case 'shifting':
    case 'stabilising':
    case 'promoting':
    case 'paused':
    case 'rolling-back':
      return { ...phase, sinceMs: past(phase.sinceMs) };
    case 'rolled-back':
    case 'promoted':
    case 'failed':
      return phase;
  }
}
