import { formatSeconds } from '../../../domain/units.js';
import type { AnalysingPhase } from '../phase.js';
import type { RolloutState } from '../rollout-state.js';
import { isObserved, type Situation } from '../situation.js';
import type { StageVerdict } from '../stage-verdict.js';
import { stageAt } from '../stages.js';
import { advance } from '../advance.js';
import { loseGuarantee, pause } from '../transitions.js';
import { lookMs, newestLookEndMs } from '../look-times.js';
import { stageKey } from '../stage-key.js';

/** How many looks a promote may be behind the newest one: as many as a slow source is. */
const oldestPromote = 5;

/** Goes on when the verdict allows it, waits while it is undecided, and calls a person when that takes too long. */
export function analysing(situation: Situation, phase: AnalysingPhase): RolloutState {
  const { state } = situation;
  const verdict = state.lastVerdict;
  if (isObserved(situation) && verdict !== null && counts(situation, phase, verdict)) {
    const judged = verdict.guarantee === 'none' ? loseGuarantee(state, 'threshold-mode') : state;
    const told = situation.spec.evidence.kind === 'window' ? loseGuarantee(judged, 'window') : judged;
    if (verdict.verdict === 'promote') return advance({ ...situation, state: told }, verdict.sentence);
    if (verdict.verdict === 'hold' && situation.spec.undecided === 'proceed' && !verdict.isBlind) {
      return advance(
        { ...situation, state: loseGuarantee(told, 'proceed') },
        `undecided, and the rollout goes on then: ${verdict.sentence}`,
      );
    }
  }
  if (situation.nowMs < patienceEndsMs(situation, phase)) return state;
  const why = state.unanswered === null ? '' : `; the last question was not answered: ${state.unanswered}`;
  const last = `${verdict === null ? 'there was no verdict' : verdict.sentence}${why}`;
  const waited = formatSeconds(situation.spec.undecidedLimitSeconds);
  return pause(situation, 'undecided', `Undecided at ${state.percent} % after ${waited}: ${last}`);
}

/** When waiting ends: the limit, but never before the minimum analysis and the look that ends it. */
export function patienceEndsMs(situation: Situation, phase: AnalysingPhase): number {
  const limitMs = phase.patienceFromMs + situation.spec.undecidedLimitSeconds * 1000;
  return Math.max(limitMs, analysedAtMs(situation, phase) + 2 * 60_000);
}

/** From when on looks let the canary go on. */
export function analysedAtMs({ spec, state }: Situation, phase: AnalysingPhase): number {
  return phase.sinceMs + stageAt(spec, state.percent).minimumAnalysisSeconds * 1000;
}

/** Whether a verdict may let the canary go on: asked for this very stage, of these versions, over looks that reach far enough. */
function counts(situation: Situation, phase: AnalysingPhase, verdict: StageVerdict): boolean {
  const { spec, state, target } = situation;
  return (
    target.kind === 'observed' &&
    target.readiness.kind === 'ready' &&
    target.observedPercent === state.percent &&
    verdict.key === stageKey(spec, state) &&
    verdict.canary === state.canary &&
    verdict.stable === state.stable &&
    verdict.toMs >= analysedAtMs(situation, phase) &&
    verdict.toMs >= newestLookEndMs(situation.nowMs) - oldestPromote * lookMs
  );
}
