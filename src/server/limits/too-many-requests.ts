import type { Config } from '../../config/config.js';
import { problem, type Problem } from '../http/problem.js';

/** What a caller is told that asks too often. */
export interface TooManyRequests {
  readonly problem: Problem;
  readonly retryAfterSeconds: number;
}

export function tooManyRequests({ limits }: Config): TooManyRequests {
  const seconds = limits.callerWindowMs / 1000;
  const detail = `This caller has sent more than ${limits.callerRequests} requests within ${seconds} s (limits.callerRequests); wait.`;
  return { problem: problem('too-many-requests', detail), retryAfterSeconds: Math.ceil(seconds) };
}
