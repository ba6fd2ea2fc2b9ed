import { pairedHistogramDispersion, predictionDispersion } from '../../statistics/dispersion.js';
import type { Timeline } from '../timeline.js';
import type { DriftBins } from './drift-bins.js';

/** How much more prediction histograms vary than independent predictions do. */
export interface DriftDispersion {
  /** 1 or more: what the scale of the PSI is multiplied by. */
  readonly value: number;
  /** Of stable alone, before the canary: shared movement counts. Undefined with too few looks. */
  readonly before: number | undefined;
  /** Of the difference between the arms: shared movement cancels. Undefined with too few looks. */
  readonly paired: number | undefined;
}

/**
 * Where the two differ by more than this factor, what the arms' difference shows is taken: the looks before show movement
 * that both share, or predictions come in clumps only since the canary is there.
 */
const disagreement = 2;

/** What the arms' difference has to show, on its own, before it is more than chance. */
const clearlyClumped = 1.5;

/**
 * The looks before the canary tell how predictions vary from look to look, but they cannot tell clumps (several
 * near-identical predictions a session) from a distribution that moves with the time of day. The difference between the
 * arms can: what both go through cancels in it. So it takes over where the two disagree, and where nothing is known from
 * before.
 *
 * @param compared whether the canary is compared with stable; against a fixed reference shared movement does count
 */
export function driftDispersion(timeline: Timeline, bins: DriftBins, compared: boolean): DriftDispersion {
  const before = predictionDispersion(
    timeline.before.flatMap((look) => {
      const counts = bins.fine(look.stable);
      return counts === undefined ? [] : [bins.merge(counts)];
    }),
  );
  const paired = compared
    ? pairedHistogramDispersion(
        timeline.looks.flatMap((look) => {
          const canary = bins.fine(look.canary);
          const stable = bins.fine(look.stable);
          return look.warmUp || canary === undefined || stable === undefined
            ? []
            : [{ canary: bins.merge(canary), stable: bins.merge(stable) }];
        }),
      )
    : undefined;
  return { value: chosen(before, paired), before, paired };
}

function chosen(before: number | undefined, paired: number | undefined): number {
  if (paired === undefined) return before ?? 1;
  if (before === undefined) return paired > clearlyClumped ? paired : 1;
  return before > disagreement * paired || paired > disagreement * before ? paired : before;
}
