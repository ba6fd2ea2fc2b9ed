import type { Verdict } from '../domain/verdict.js';

/** Exit statuses of the command line. */
export const exitStatus = {
  ok: 0,
  /** At least one verdict is rollback. */
  rollback: 1,
  /** At least one verdict is hold, none is rollback. */
  hold: 2,
  /** A file, an option or the config was refused. */
  refused: 3,
} as const;

/** What `judge` exits with: 3 if any file was refused, else 1 if any rollback, else 2 if any hold, else 0. */
export function judgeStatus(verdicts: readonly Verdict[], refused: boolean): number {
  if (refused) return exitStatus.refused;
  if (verdicts.includes('rollback')) return exitStatus.rollback;
  return verdicts.includes('hold') ? exitStatus.hold : exitStatus.ok;
}
