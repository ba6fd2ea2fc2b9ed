import { isEnd, type Phase } from '../machine/phase.js';
import type { RolloutSpec } from '../machine/rollout-spec.js';
import { rolloutGuarantee, type RolloutState } from '../machine/rollout-state.js';
import { dated, type Condition } from './condition.js';
import { conditionsOf } from './conditions-of.js';
import { cut } from './cut.js';
import { messageOf } from './message-of.js';
import type { ModelRollout } from './model-rollout.js';
import { longestVerdictId, longestVersion, type ModelRolloutStatus } from './status-schema.js';
import { toTheSecond } from './to-the-second.js';

/** So much of the history is shown; the state has more. */
const shownHistory = 10;
const longestText = 300;
const longestMessage = 1000;

/**
 * A state as the status of its ModelRollout.
 *
 * @param before the conditions as they stand there
 * @param nowMs milliseconds since the epoch
 */
export function statusOf(
  { spec, generation, run }: Pick<ModelRollout, 'spec' | 'generation' | 'run'>,
  state: RolloutState,
  before: readonly Condition[],
  nowMs: number,
): ModelRolloutStatus {
  const { phase, lastVerdict, startedAtMs } = state;
  const message = cut(messageOf(state), longestMessage);
  const targetPercent = targetPercentOf(phase);
  const at = toTheSecond(nowMs);
  return {
    phase: phase.kind,
    message,
    percent: state.percent,
    ...(targetPercent === undefined ? {} : { targetPercent }),
    stage: stageNumber(spec, state.percent),
    ...(state.canary === null ? {} : { canary: cut(state.canary, longestVersion) }),
    ...(state.stable === null ? {} : { stable: cut(state.stable, longestVersion) }),
    attempt: state.attempt,
    run,
    guarantee: rolloutGuarantee(state),
    ...(lastVerdict === null
      ? {}
      : {
          lastVerdict: {
            verdict: lastVerdict.verdict,
            sentence: cut(lastVerdict.sentence, longestText),
            id: cut(lastVerdict.id, longestVerdictId),
            asOf: toTheSecond(lastVerdict.toMs),
          },
        }),
    conditions: [...dated(conditionsOf(phase, message), before, { generation, at })],
    history: state.history.slice(-shownHistory).map(({ atMs, kind, text }) => ({
      at: toTheSecond(atMs),
      kind,
      text: cut(text, longestText),
    })),
    observedGeneration: generation,
    ...(startedAtMs === null ? {} : { startedAt: toTheSecond(startedAtMs) }),
    ...(isEnd(phase) ? { endedAt: toTheSecond(phase.atMs) } : {}),
    state: { ...state },
  };
}

function targetPercentOf(phase: Phase): number | undefined {
  switch (phase.kind) {
    case 'shifting':
      return phase.toPercent;
    case 'promoting':
      return 100;
    case 'rolling-back':
      return 0;
    default:
      return undefined;
  }
}

/** How many of the stages the share has reached. */
function stageNumber({ stages }: RolloutSpec, percent: number): number {
  return stages.filter((stage) => stage.percent <= percent).length;
}
