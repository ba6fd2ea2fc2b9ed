import type { Course } from './course.js';

/** Courses of all splits, one entry a split; see {@link Course} for the numbers. */
export type Courses = { readonly [field in keyof Course]: readonly number[] };

/** What one guardrail alone said in all splits: with evidence, and by the table to the letter. */
export interface GuardrailCourses {
  readonly evidence: Courses;
  readonly literal: Courses;
}

/** The champion against itself under one split of the traffic. */
export interface SplitTable {
  readonly name: string;
  readonly title: string;
  /** The canary's share of the traffic, from a recorded look on. */
  readonly weights: readonly { readonly fromLook: number; readonly weight: number }[];
  readonly cutLooks: number;
  readonly parts: number;
  /** The end of each step in recorded looks. */
  readonly steps: readonly number[];
  /** Canary requests up to each step, the mean over all splits. */
  readonly canaryRequests: readonly number[];
  readonly judges: Readonly<Record<string, Courses>>;
  readonly guardrails: Readonly<Record<string, GuardrailCourses>>;
}

/** One judge on one candidate. */
export interface CandidateCourse extends Course {
  /** Which guardrails rolled back where the rollout ended. */
  readonly by: readonly string[];
}

/** One candidate's recorded replay. */
export interface CandidateResult {
  readonly name: string;
  readonly title: string;
  readonly looks: number;
  readonly steps: readonly number[];
  readonly canaryRequests: readonly number[];
  readonly judges: Readonly<Record<string, CandidateCourse>>;
}

/** The file that the page and its pictures are made from: docs/real-recordings.json. */
export interface RecordingResults {
  readonly schema: 'ml-verdict/real-recordings/v1';
  readonly seed: number;
  readonly splits: number;
  readonly firstAsked: number;
  readonly judges: readonly { readonly name: string; readonly title: string; readonly short: string }[];
  readonly tables: readonly SplitTable[];
  readonly candidates: readonly CandidateResult[];
}
