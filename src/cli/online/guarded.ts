import { AskFailure } from './asking.js';
import { error, type CheckResult } from './finding.js';

/** What a check found, or that it could not be made: the other ones go on. */
export async function guarded(
  check: string,
  make: () => Promise<readonly CheckResult[]>,
): Promise<readonly CheckResult[]> {
  try {
    return await make();
  } catch (failure) {
    if (!(failure instanceof AskFailure)) throw failure;
    return [
      error(
        check,
        `could not be checked: ${failure.message}`,
        'check again once the server answers; verdicts hold as long as it does not',
      ),
    ];
  }
}
