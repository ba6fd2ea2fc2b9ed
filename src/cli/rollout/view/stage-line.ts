import { isEnd, type RolloutSpec, type RolloutState } from '../../../progressive/index.js';
import type { Colours } from '../../output/verdict-table.js';

/** The stages in one line: those that were passed, the present one, those to come. */
export function stageLine({ stages }: RolloutSpec, state: RolloutState, colours: Colours): string {
  const { phase } = state;
  const hasEnded = isEnd(phase);
  return stages
    .map(({ percent }) => {
      const isPassed = phase.kind === 'promoted' || percent < state.percent;
      const isPresent = !hasEnded && percent === state.percent;
      if (isPassed) return colours.green(`✔ ${percent} %`);
      return isPresent ? colours.bold(`● ${percent} %`) : colours.dim(`○ ${percent} %`);
    })
    .join('  ');
}
