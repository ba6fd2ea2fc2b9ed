import { loadRecording } from '../../../src/cli/demo/recording.js';
import { benchJudges, type BenchJudge } from './judges.js';
import { planLooks } from './look-plan.js';
import { benchPolicies } from './policies.js';
import { RecordedTraffic } from './recorded-traffic.js';
import type { CandidateResult } from './results.js';
import { cutLooks, routing, splitPlans } from './split-plans.js';
import { canaryRequestsOf, walkJudge, type GuardrailCourse, type Walk } from './walk-judge.js';

/** Of whose guardrails the verdicts are told one by one. */
export const guardrailJudge = 'evidence';

/** The candidate whose scores are on another scale, so that the demo's policy has its drift on hold. */
const newScoresCandidate = 're-weighted';

/** Into how many parts a look of a candidate is cut; its weights are those of the first table. */
const candidateParts = splitPlans[0]?.parts ?? 1;

export interface SplitResult {
  readonly canaryRequests: readonly number[];
  readonly judges: ReadonlyMap<string, Walk['course']>;
  readonly guardrails: ReadonlyMap<string, GuardrailCourse>;
}

/** The recorded requests, ready to be split and judged. */
export class RecordingBench {
  readonly #recording = loadRecording();
  readonly #traffic = new RecordedTraffic(this.#recording);
  readonly judges: readonly BenchJudge[] = benchJudges(benchPolicies());

  /** The champion against itself in one split of one table. */
  measureSplit(table: number, split: number): SplitResult {
    const plan = splitPlans[table];
    if (plan === undefined) throw new RangeError(`there is no table ${table}`);
    const observations = this.#traffic.split(plan, routing(table, split));
    const minutes = this.#traffic.split({ ...plan, parts: 1 }, routing(table, split));
    const canary = { observations, minutes, newScores: false };
    const walks = new Map(this.judges.map((judge) => [judge.name, walkJudge(judge, canary)]));
    return {
      canaryRequests: canaryRequestsOf(observations),
      judges: new Map([...walks].map(([name, { course }]) => [name, course])),
      guardrails: walks.get(guardrailJudge)?.guardrails ?? new Map(),
    };
  }

  get candidateNames(): readonly string[] {
    return this.#recording.candidates.map(({ name }) => name);
  }

  /** The one recorded replay of a candidate. */
  measureCandidate(name: string): CandidateResult {
    const candidate = this.#recording.candidates.find((one) => one.name === name);
    if (candidate === undefined) throw new RangeError(`there is no candidate ${name}`);
    const observations = this.#traffic.candidate(candidate, { cutLooks, parts: candidateParts });
    const minutes = this.#traffic.candidate(candidate, { cutLooks, parts: 1 });
    const canary = { observations, minutes, newScores: name === newScoresCandidate };
    return {
      name,
      title: candidate.title,
      looks: candidate.looks,
      steps: stepEnds(candidate.looks, candidateParts),
      canaryRequests: canaryRequestsOf(observations),
      judges: Object.fromEntries(this.judges.map((judge) => [judge.name, walkJudge(judge, canary).course])),
    };
  }

  /** The end of each step of a table, in recorded looks. */
  stepsOf(table: number): readonly number[] {
    return stepEnds(this.#recording.looks, splitPlans[table]?.parts ?? 1);
  }
}

function stepEnds(looks: number, parts: number): readonly number[] {
  return planLooks(looks, cutLooks, parts).map(({ recorded, to }) => Number((recorded - 1 + to).toFixed(3)));
}
