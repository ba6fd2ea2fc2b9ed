/** How much something matters: with an error there are no verdicts, or wrong ones. */
export type FindingLevel = 'ok' | 'warning' | 'error';

/** What one check found. */
export interface CheckResult {
  readonly level: FindingLevel;
  /** What was looked at: `requests`, `latency`, `predictions.default`, … */
  readonly check: string;
  readonly found: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** The same, and of what. */
export interface Finding extends CheckResult {
  readonly server: string;
  /** Absent, with the model: of the server itself. */
  readonly namespace?: string;
  readonly model?: string;
}

/** All that was found. */
export interface OnlineReport {
  /** Whether nothing found is an error. */
  readonly usable: boolean;
  readonly findings: readonly Finding[];
}

export function ok(check: string, found: string, fix?: string): CheckResult {
  return { level: 'ok', check, found, ...(fix === undefined ? {} : { fix }) };
}

export function warning(check: string, found: string, fix: string): CheckResult {
  return { level: 'warning', check, found, fix };
}

export function error(check: string, found: string, fix: string): CheckResult {
  return { level: 'error', check, found, fix };
}
