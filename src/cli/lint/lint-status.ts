import { exitStatus } from '../exit-status.js';
import type { LintReport } from './finding.js';

/** What `lint` exits with: 3 if any file was refused, else 1 if there is an error (with `strict` a warning too), else 0. */
export function lintStatus({ findings, refused }: LintReport, strict: boolean): number {
  if (refused.length > 0) return exitStatus.refused;
  const counts = findings.some(({ severity }) => severity === 'error' || (strict && severity === 'warning'));
  return counts ? 1 : exitStatus.ok;
}
