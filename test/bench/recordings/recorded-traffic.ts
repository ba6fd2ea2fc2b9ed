import type { RecordedCandidate, Recording } from '../../../src/cli/demo/recording.js';
import { stableVersion } from '../../../src/cli/demo/traffic.js';
import type { BeforeLook, Look, Observations } from '../../../src/domain/observations.js';
import { ArmCounter, countedAnswer, type CountedAnswer } from './arm-counter.js';
import { minuteMs, minuteSpan } from '../../support/simulation/minute-span.js';
import { planLooks, type PlannedLook } from './look-plan.js';

/** A request with the champion's answer, and the candidate's where the candidate served it. */
interface ServedRequest {
  readonly look: number;
  readonly offset: number;
  readonly bucket: number;
  readonly champion: CountedAnswer;
}

/** How the looks are cut and which share of the requests the canary gets. */
export interface TrafficPlan {
  readonly cutLooks: number;
  readonly parts: number;
  weightOf(look: number): number;
}

/**
 * The recorded requests as observations: the champion against itself in any split, or a candidate on the requests
 * that it was recorded with. A recorded look is one minute; the looks before the canary stand before it.
 */
export class RecordedTraffic {
  readonly #recording: Recording;
  readonly #requests: readonly ServedRequest[];
  readonly #late: readonly boolean[];
  readonly #before: readonly BeforeLook[];

  constructor(recording: Recording) {
    const counted = recording.requests.map((request) => ({
      look: request.look,
      offset: request.offset,
      bucket: request.bucket,
      champion: countedAnswer(request.champion, request.late, recording.cut),
      late: request.late,
    }));
    const afterStart = counted.filter(({ look }) => look > 0);
    this.#recording = recording;
    this.#requests = afterStart;
    this.#late = afterStart.map(({ late }) => late);
    this.#before = beforeLooks(
      recording.beforeLooks,
      counted.filter(({ look }) => look < 0),
    );
  }

  /**
   * The champion against itself.
   *
   * @param toCanary whether the canary serves the next request, asked once a request in recorded order
   */
  split(plan: TrafficPlan, toCanary: (weight: number) => boolean): Observations {
    const looks = planLooks(this.#recording.looks, plan.cutLooks, plan.parts);
    const arms = looks.map(() => ({ canary: new ArmCounter(), stable: new ArmCounter() }));
    const placeOf = placesOf(looks);
    for (const request of this.#requests) {
      const side = toCanary(plan.weightOf(request.look)) ? 'canary' : 'stable';
      arms[placeOf(request.look, request.offset)]?.[side].add(request.champion);
    }
    return this.#observations('champion-again', looks, arms, plan);
  }

  /** A candidate on the requests that it answered when it was recorded. */
  candidate(candidate: RecordedCandidate, plan: Omit<TrafficPlan, 'weightOf'>): Observations {
    const weightOf = (look: number) => this.#recording.weightOf(look);
    const looks = planLooks(candidate.looks, plan.cutLooks, plan.parts);
    const arms = looks.map(() => ({ canary: new ArmCounter(), stable: new ArmCounter() }));
    const placeOf = placesOf(looks);
    let answered = 0;
    this.#requests.forEach((request, index) => {
      if (request.look > candidate.looks) return;
      const arm = arms[placeOf(request.look, request.offset)];
      if (request.bucket >= Math.round(weightOf(request.look) * 100)) {
        arm?.stable.add(request.champion);
        return;
      }
      const answer = candidate.answers?.[answered];
      arm?.canary.add(
        answer === undefined
          ? request.champion
          : countedAnswer(answer, this.#late[index] ?? false, candidate.cut),
      );
      answered += 1;
    });
    return this.#observations(candidate.name, looks, arms, { ...plan, weightOf });
  }

  #observations(
    version: string,
    looks: readonly PlannedLook[],
    arms: readonly { readonly canary: ArmCounter; readonly stable: ArmCounter }[],
    plan: TrafficPlan,
  ): Observations {
    return {
      model: 'flight-delay',
      canary: { version },
      stable: { version: stableVersion },
      before: this.#before,
      looks: looks.map(({ recorded, from, to }, index): Look => {
        const { startMs } = minuteSpan(recorded - 1);
        const arm = arms[index];
        return {
          startMs: startMs + Math.round(from * minuteMs),
          endMs: startMs + Math.round(to * minuteMs),
          weight: plan.weightOf(recorded),
          ...(arm === undefined ? {} : { canary: arm.canary.counts, stable: arm.stable.counts }),
        };
      }),
    };
  }
}

/** The looks of the champion alone, the last of which ends when the canary starts. */
function beforeLooks(
  count: number,
  requests: readonly { readonly look: number; readonly champion: CountedAnswer }[],
): readonly BeforeLook[] {
  const counters = Array.from({ length: count }, () => new ArmCounter());
  for (const { look, champion } of requests) counters[count + look]?.add(champion);
  return counters.map(({ counts }, index) => ({
    ...minuteSpan(index - count),
    stable: counts,
  }));
}

/** Finds the planned look of a request by its recorded look and its place in it. */
function placesOf(looks: readonly PlannedLook[]): (recorded: number, offset: number) => number {
  const first = new Map<number, number>();
  const parts = new Map<number, number>();
  looks.forEach(({ recorded }, index) => {
    if (!first.has(recorded)) first.set(recorded, index);
    parts.set(recorded, (parts.get(recorded) ?? 0) + 1);
  });
  return (recorded, offset) => {
    const count = parts.get(recorded) ?? 1;
    return (first.get(recorded) ?? 0) + Math.min(count - 1, Math.floor(offset * count));
  };
}
