import type { LintedObject } from './argo/linted-object.js';
import type { Field } from './files/field.js';

/**
 * How much something matters. `error`: it promotes, aborts or stops wrongly, or never works; `warning`: a risk; `note`: to
 * be known, nothing to mend.
 */
export const severities = ['error', 'warning', 'note'] as const;

export type Severity = (typeof severities)[number];

/** What a rule finds at one field. */
export interface Problem {
  readonly field: Field;
  /** What would happen, a sentence. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
  /** Where it is not the rule's own. */
  readonly severity?: Severity;
  /** That it is found in, where it is not the one that the rule looks at. */
  readonly object?: LintedObject;
}

/** A problem as it is told. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly file: string;
  /** From 1; of a field that is missing, that of the nearest field around it. */
  readonly line: number;
  /** `Rollout/fraud-detector`. */
  readonly object: string;
  /** `spec.metrics[0].count`. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/** A file that was not read, or not whole. */
export interface Refusal {
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

/** All that was found. */
export interface LintReport {
  readonly findings: readonly Finding[];
  readonly refused: readonly Refusal[];
  readonly files: number;
  /** Objects that were looked at. */
  readonly checked: number;
  /** Metrics in them that ask ml-verdict. */
  readonly metrics: number;
  /** Objects of other kinds. */
  readonly skipped: number;
}
