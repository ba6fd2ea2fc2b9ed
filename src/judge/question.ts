/** What is asked of the judge beside policy and observations. */
export interface Question {
  /** One guardrail of the policy; absent: the combined verdict. */
  readonly guardrail?: string;
  /** `all`: a single guardrail promotes only once the combined verdict does. */
  readonly promoteWith?: 'self' | 'all';
  /** The canary's configured share of the traffic now, 0 to 1: for the sample ratio and the time still needed. */
  readonly weight?: number;
}
