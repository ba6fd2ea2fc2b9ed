import type { GuardrailVerdict } from '../../../../src/domain/verdict.js';
import type { ObservationsFile } from '../example-file.js';
import type { Step } from '../step.js';

/** A worked example: a file with few counts, the guardrail that judges it, and the way to its figures. */
export interface Example {
  /** Name of the file below `docs/examples/worked`, without its ending; also of its block in the page. */
  readonly name: string;
  readonly guardrail: string;
  /** The policy file beside it, where the guardrail is none of the default policy. */
  readonly policy?: string;
  readonly file: ObservationsFile;
  steps(verdict: GuardrailVerdict): readonly Step[];
}

/** The evidence of a verdict, a natural log; a missing one cannot be worked out. */
export function evidenceOf(verdict: GuardrailVerdict, direction: 'rollback' | 'promote'): number {
  const evidence = verdict.evidence[direction];
  if (evidence === null) throw new RangeError(`${verdict.name} has no evidence to ${direction}`);
  return evidence;
}

/** The same as odds. */
export function oddsOf(verdict: GuardrailVerdict, direction: 'rollback' | 'promote'): number {
  return Math.exp(evidenceOf(verdict, direction));
}

/** A number among the details of a verdict. */
export function detailOf(verdict: GuardrailVerdict, name: string): number {
  const value = verdict.details[name];
  if (typeof value !== 'number') throw new RangeError(`${verdict.name} has no number ${name}`);
  return value;
}

export function estimateOf(verdict: GuardrailVerdict): number {
  if (verdict.estimate === null) throw new RangeError(`${verdict.name} has no estimate`);
  return verdict.estimate;
}

export const sumOf = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
