/** The judge's public face: what the floors above use. */
export { builtInPolicies, defaultPolicy } from './built-in-policies.js';
export type { GuardrailKind, JudgeContext, Thresholds } from './guardrail-kind.js';
export { guardrailKind, guardrailKinds } from './guardrails/index.js';
export { holdDocument, type HoldCause } from './hold-document.js';
export { judge } from './judge.js';
export { overridePolicy, type PolicyOverrides } from './override-policy.js';
export { plan, planSteps, type PlanQuestion } from './plan/plan.js';
export {
  undecidedCodes,
  type GuardrailPlan,
  type Plan,
  type PlannedVerdict,
  type PlannedWait,
  type UndecidedCode,
} from './plan/plan-document.js';
export type { PlannedTraffic } from './plan/planning.js';
export type { PlanQualities } from './plan/plan-qualities.js';
export { readQualities } from './plan/read-qualities.js';
export {
  latencyBoundsField,
  plannedTraffic,
  trafficFields,
  withinField,
  type GivenTraffic,
} from './plan/traffic-fields.js';
export { parsePolicy, policySchema } from './policy.js';
export type { Question } from './question.js';
export { replay } from './replay.js';
