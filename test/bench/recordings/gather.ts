import type { Course } from './course.js';
import type { SplitResult } from './measure.js';
import type { CandidateResult, Courses, GuardrailCourses, RecordingResults, SplitTable } from './results.js';
import { cutLooks, firstAsked, seed, splitPlans, splits } from './split-plans.js';

/** All figures in the form in which they are kept, from those of each split and candidate. */
export function gatherResults(
  judges: RecordingResults['judges'],
  tables: readonly { readonly steps: readonly number[]; readonly splits: readonly SplitResult[] }[],
  candidates: readonly CandidateResult[],
): RecordingResults {
  return {
    schema: 'ml-verdict/real-recordings/v1',
    seed,
    splits,
    firstAsked,
    judges: judges.map(({ name, title, short }) => ({ name, title, short })),
    tables: tables.map((table, index) => gatherTable(index, table.steps, table.splits, judges)),
    candidates,
  };
}

function gatherTable(
  table: number,
  steps: readonly number[],
  measured: readonly SplitResult[],
  judges: RecordingResults['judges'],
): SplitTable {
  const plan = splitPlans[table];
  if (plan === undefined) throw new RangeError(`there is no table ${table}`);
  const guardrails = [...(measured[0]?.guardrails.keys() ?? [])];
  return {
    name: plan.name,
    title: plan.title,
    weights: plan.weights,
    cutLooks,
    parts: plan.parts,
    steps,
    canaryRequests: steps.map((_, step) =>
      Math.round(
        measured.reduce((total, one) => total + (one.canaryRequests[step] ?? 0), 0) / measured.length,
      ),
    ),
    judges: Object.fromEntries(
      judges.map(({ name }) => [name, gatherCourses(measured.map((one) => one.judges.get(name)))]),
    ),
    guardrails: Object.fromEntries(
      guardrails.map((name): [string, GuardrailCourses] => [
        name,
        {
          evidence: gatherCourses(measured.map((one) => one.guardrails.get(name)?.evidence)),
          literal: gatherCourses(measured.map((one) => one.guardrails.get(name)?.literal)),
        },
      ]),
    ),
  };
}

function gatherCourses(courses: readonly (Course | undefined)[]): Courses {
  return {
    first: courses.map((course) => course?.first ?? 0),
    rollback: courses.map((course) => course?.rollback ?? 0),
    end: courses.map((course) => course?.end ?? 0),
  };
}
