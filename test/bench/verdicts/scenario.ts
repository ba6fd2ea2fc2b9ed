import type { Verdict } from '../../../src/domain/verdict.js';
import type { Draw } from '../../support/simulation/draw.js';
import type { World } from './world.js';

/** What a scenario is told under in the document. */
export type ScenarioGroup = 'healthy' | 'fault' | 'late' | 'shared' | 'unlike-the-assumptions';

/** A kind of canary, to be judged in many runs. */
export interface Scenario {
  readonly name: string;
  readonly group: ScenarioGroup;
  /** A few words for tables. */
  readonly title: string;
  /** What is simulated, as a sentence. */
  readonly told: string;
  /** The verdict that is right; `hold` for a canary between the thresholds. */
  readonly right: Verdict;
  /** How many looks are judged. */
  readonly looks: number;
  /** The look with which the fault begins: verdicts are awaited, and minutes counted, from it on. */
  readonly onset: number;
  /**
   * What a promote before the onset means: `kept`, the caller has it and waits for a rollback only; `first-step`, it
   * belongs to an earlier step of the rollout, and the caller asks again.
   */
  readonly earlierPromotes: 'kept' | 'first-step';
  /** The canary's share of the traffic. */
  readonly weightAt: (look: number) => number;
  /** Draws what stays the same during a run, and gives its rates. */
  readonly begin: (draw: Draw) => World;
  /** What the observations say about routing. */
  readonly routing?: 'sticky';
  /** The scenario whose draws it shares, so that both judge the same streams; absent: its own. */
  readonly drawsOf?: string;
  /** Whether it is also judged at a lower confidence, as a step of a rollout would be. */
  readonly lowerConfidence?: true;
}
