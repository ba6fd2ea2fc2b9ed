/**
 * The code of what lies below an error, such as SQLITE_FULL or ENOSPC, for the log: codes are a closed vocabulary,
 * while the messages of a database may hold what was to be written.
 */
export function failureCause(error: unknown): string | undefined {
  // A chain of causes is short; the bound is for one that leads back to itself.
  let at = error;
  let code: string | undefined;
  for (let depth = 0; depth < 8 && at instanceof Error; depth++) {
    if ('code' in at && typeof at.code === 'string') code = at.code;
    at = at.cause;
  }
  return code;
}
