import type { StructuralSchema } from './structural-schema.js';

/** As far as a pattern can say it; what is written in another way is brought into this one, see canonical-rollout.ts. */
export const durationPattern = String.raw`^(0|[0-9]+(\.[0-9]+)? ?([mM][sS]|[sSmMhHdD]))$`;

export const longestDuration = 20;

/** A span of time as the definition of a custom resource has it: a text, or as a whole number the seconds. */
export function durationSchema(minSeconds: number): StructuralSchema {
  return {
    'x-kubernetes-int-or-string': true,
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    minimum: minSeconds,
    maxLength: longestDuration,
    pattern: durationPattern,
    // A pattern cannot compare; zero is what every text is at least.
    ...(minSeconds === 0 ? {} : { 'x-kubernetes-validations': [atLeast(minSeconds)] }),
  };
}

const unit =
  "(self.matches('[mM][sS]$') ? 0.001 : self.matches('[sS]$') ? 1.0 : self.matches('[mM]$') ? 60.0 : self.matches('[hH]$') ? 3600.0 : 86400.0)";

function atLeast(seconds: number) {
  return {
    rule: `type(self) == int || double(self.find('^[0-9.]+')) * ${unit} >= ${seconds}.0`,
    message: `expected a duration of ${seconds} s or more`,
  };
}

/** The durations of a spec, each with the least that it may be, in seconds. */
export const leastSeconds = {
  stabilisation: 0,
  minimumAnalysis: 0,
  window: 60,
  undecidedLimit: 0,
  readyLimit: 1,
  confirmLimit: 1,
} as const;
