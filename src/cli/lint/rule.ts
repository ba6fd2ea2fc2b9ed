import type { Policy } from '../../domain/policy.js';
import type { AnalysisUse } from './argo/analysis-use.js';
import type { Metric } from './argo/metric.js';
import type { Project } from './argo/project.js';
import type { Rollout } from './argo/rollout.js';
import type { Template } from './argo/template.js';
import type { ArgoVersion } from './argo/version.js';
import type { Problem, Severity } from './finding.js';

/** What a rule may ask beside the object itself. */
export interface LintContext {
  readonly project: Project;
  /** The release of Argo Rollouts in use, where it is said. */
  readonly argoVersion: ArgoVersion | undefined;
  /** The service's own deadline for a verdict, in seconds. */
  readonly deadlineSeconds: number;
  readonly policies: PolicyBook;
  /** Requests of both versions, where it is said. */
  readonly traffic: DeclaredTraffic | undefined;
}

/** The policies of the service. */
export interface PolicyBook {
  /** Whether they are those of a config; else only the built-in ones are known. */
  readonly fromConfig: boolean;
  readonly names: readonly string[];
  /** The policy of that name; of an empty one the model's own, else `default`. */
  find(name: string, namespace: string, model: string): Policy | undefined;
}

export interface DeclaredTraffic {
  readonly requestsPerMinute: number;
  readonly outcomesPerRequest: number | undefined;
}

/** A metric that asks ml-verdict, and the template that it stands in. */
export interface VerdictMetric {
  readonly metric: Metric;
  readonly template: Template;
}

interface RuleOf<Of extends string, Subject> {
  /** What is told with each finding. */
  readonly name: string;
  /** The worst that it tells. */
  readonly severity: Severity;
  /** What it finds, for the list of rules. */
  readonly what: string;
  readonly of: Of;
  check(subject: Subject, context: LintContext): readonly Problem[];
}

/** One rule: of every metric that asks ml-verdict, every template or Rollout, or every use of a template. */
export type Rule =
  | RuleOf<'metric', VerdictMetric>
  | RuleOf<'template', Template>
  | RuleOf<'rollout', Rollout>
  | RuleOf<'use', AnalysisUse>;
