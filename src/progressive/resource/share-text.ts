import { runningPhase } from '../machine/expected-percents.js';
import type { RolloutState } from '../machine/rollout-state.js';

/** Which share a canary has, as far as it is known. */
export interface KnownShare {
  /** What stood there when nothing was on its way. */
  readonly percent: number;
  /** What was asked for and is not yet seen in the traffic; undefined: nothing. */
  readonly targetPercent?: number | undefined;
}

/** The share of a rollout's canary, a change that a pause has interrupted with it: it may have been made all the same. */
export function knownShare({ phase, percent }: Pick<RolloutState, 'phase' | 'percent'>): KnownShare {
  if (phase.kind === 'rolling-back') return { percent, targetPercent: 0 };
  const running = runningPhase(phase);
  switch (running?.kind) {
    case 'shifting':
      return { percent: running.fromPercent ?? percent, targetPercent: running.toPercent };
    case 'promoting':
      return { percent: running.fromPercent, targetPercent: 100 };
    default:
      return { percent };
  }
}

/** For people, after `with`: `10 % of the traffic`, `0 % of the traffic, on its way to 10 %`. */
export function shareText({ percent, targetPercent }: KnownShare): string {
  if (targetPercent === undefined || (targetPercent === percent && percent > 0)) {
    return `${percent} % of the traffic`;
  }
  const before = percent === 0 ? '' : `, ${percent} % before`;
  return targetPercent === 0
    ? `0 % of the traffic asked for and not yet seen${before}`
    : `${percent} % of the traffic, on its way to ${targetPercent} %`;
}
