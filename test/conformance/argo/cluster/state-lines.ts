/** What objects say of themselves, in lines for the message of a failed test. */
import type { AnalysisRunState } from './analysis-run-state.js';
import type { RolloutState } from './rollout-state.js';

export function rolloutLine(state: RolloutState): string {
  const share = `${Math.round(state.currentShare * 100)} %`;
  return [
    `${state.phase} step ${state.currentStepIndex ?? '-'}`,
    `${state.currentHash} over ${state.stableHash} at ${share}`,
    ...(state.isObserved ? [] : ['not observed']),
    ...(state.isAborted ? ['aborted'] : []),
    ...state.pauses,
    state.message,
  ].join(' ');
}

/** The run, and each of its metrics with the counts of its measurements and the last of them. */
export function runLines(run: AnalysisRunState): readonly string[] {
  return [
    `run ${run.name} ${run.phase} ${run.message}`,
    ...run.metrics.map(({ name, phase, successful, failed, inconclusive, error, measurements }) => {
      const { value = '', message = '' } = measurements.at(-1) ?? {};
      const counts = `successful ${successful}, failed ${failed}, inconclusive ${inconclusive}, error ${error}`;
      return `  ${name} ${phase} (${counts}) ${value} ${message}`;
    }),
  ];
}
