import type { Observations } from '../../../src/domain/observations.js';
import type { GuardrailVerdict } from '../../../src/domain/verdict.js';
import { CourseRecord, type Course } from './course.js';
import type { BenchCanary, BenchJudge } from './judges.js';
import type { CandidateCourse } from './results.js';
import { firstAsked } from './split-plans.js';

/** Confidence of a promote before the last weight, and at it: what the shipped manifests ask. */
const confidenceOnTheWay = 0.8;
const confidenceAtLast = 0.95;

/** A guardrail's verdicts with evidence and to the letter. */
export interface GuardrailCourse {
  readonly evidence: Course;
  readonly literal: Course;
}

/** What a judge did with one canary, over all of its looks. */
export interface Walk {
  readonly course: CandidateCourse;
  readonly guardrails: ReadonlyMap<string, GuardrailCourse>;
}

/** Asks a judge after every look, from the tenth canary request on, and never stops it. */
export function walkJudge(judge: BenchJudge, canary: BenchCanary): Walk {
  const { looks } = canary.observations;
  const ask = judge.begin(canary);
  const course = new CourseRecord();
  const guardrails = new Map<string, { evidence: CourseRecord; literal: CourseRecord }>();
  const requests = canaryRequestsOf(canary.observations);
  const lastWeight = looks.at(-1)?.weight;
  let by: readonly string[] = [];
  looks.forEach((look, index) => {
    if ((requests[index] ?? 0) < firstAsked) return;
    const isLast = look.weight === lastWeight;
    const answer = ask({
      asOfMs: look.endMs,
      confidence: isLast ? confidenceAtLast : confidenceOnTheWay,
    });
    if (course.figures.end === 0 && answer.verdict === 'rollback') by = answer.by;
    course.take(index + 1, answer.verdict, isLast);
    for (const guardrail of answer.guardrails ?? []) takeGuardrail(guardrail, index + 1, isLast);
  });

  function takeGuardrail(guardrail: GuardrailVerdict, step: number, isLast: boolean): void {
    const { name, verdict, literalVerdict, reasonCode } = guardrail;
    const own = guardrails.get(name) ?? { evidence: new CourseRecord(), literal: new CourseRecord() };
    guardrails.set(name, own);
    own.evidence.take(step, reasonCode === 'undecided-pass' ? 'hold' : verdict, isLast);
    own.literal.take(step, literalVerdict, isLast);
  }

  return {
    course: { ...course.figures, by },
    guardrails: new Map(
      [...guardrails].map(([name, own]) => [
        name,
        { evidence: own.evidence.figures, literal: own.literal.figures },
      ]),
    ),
  };
}

/** The canary's requests up to the end of each look. */
export function canaryRequestsOf(observations: Observations): readonly number[] {
  let total = 0;
  return observations.looks.map((look) => (total += look.canary?.requests ?? 0));
}
