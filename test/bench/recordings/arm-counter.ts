import type { RecordedAnswer } from '../../../src/cli/demo/recording.js';
import type { ArmCounts } from '../../../src/domain/observations.js';
import { latencyBin, latencyBoundsMs } from '../../../src/sources/ledger/latency-grid.js';
import { scoreBin, scoreShape } from '../../../src/sources/ledger/score-grid.js';
import { yesOrNo } from '../../support/simulation/arm-counts.js';

/** The histogram that the ledger shows for scores in [0, 1]. */
const scores = scoreShape(Array.from({ length: 101 }, (_, bin) => bin));

/** One answer as the bins and outcomes that it counts in; made once, counted in hundreds of splits. */
export interface CountedAnswer {
  /** Undefined where the version failed. */
  readonly scorePlace: number | undefined;
  readonly latencyPlace: number;
  readonly flagged: boolean;
  /** Flagged and late. */
  readonly caught: boolean;
}

export function countedAnswer(answer: RecordedAnswer, late: boolean, cut: number): CountedAnswer {
  const { score } = answer;
  const flagged = score !== undefined && score >= cut;
  return {
    scorePlace: score === undefined ? undefined : scores.position(scoreBin(score)),
    latencyPlace: latencyBin(answer.latencyMs),
    flagged,
    caught: flagged && late,
  };
}

/** What one version served in one look, counted on the ledger's bins; the order of the answers leaves no trace. */
export class ArmCounter {
  #requests = 0;
  #errors = 0;
  #flagged = 0;
  #caught = 0;
  readonly #latency = new Array<number>(latencyBoundsMs.length + 1).fill(0);
  readonly #scores = new Array<number>(scores.edges.length + 1).fill(0);

  add(answer: CountedAnswer): void {
    const { scorePlace, latencyPlace } = answer;
    this.#requests += 1;
    this.#latency[latencyPlace] = (this.#latency[latencyPlace] ?? 0) + 1;
    if (scorePlace === undefined) this.#errors += 1;
    else this.#scores[scorePlace] = (this.#scores[scorePlace] ?? 0) + 1;
    if (answer.flagged) this.#flagged += 1;
    if (answer.caught) this.#caught += 1;
  }

  get counts(): ArmCounts {
    return {
      requests: this.#requests,
      errors: this.#errors,
      latency: { boundsMs: latencyBoundsMs, counts: this.#latency },
      predictions: new Map([['default', { kind: 'scores', edges: scores.edges, counts: this.#scores }]]),
      outcomes: new Map([
        ['caught', yesOrNo(this.#requests, this.#caught)],
        ['hit-rate', yesOrNo(this.#flagged, this.#caught)],
      ]),
    };
  }
}
