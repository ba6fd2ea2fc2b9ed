import type { Alert } from '../machine/alert.js';

export type Severity = Alert['severity'];

/** From the least urgent to the most. */
export const severities = ['info', 'warning', 'critical'] as const satisfies readonly Severity[];

/** Whether something is as urgent as a receiver wants it at least. */
export function isUrgentEnough(severity: Severity, minimum: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(minimum);
}
