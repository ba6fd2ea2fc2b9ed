import type { CountedArm, CountedLook } from '../counting/counted-look.js';

/**
 * The errors of all looks. Where they are what was begun less what was finished, a request that is under way at the end
 * of a look is an error there, until the next look shows that it was finished: what is negative then is taken off the
 * errors that follow, so that those under way are counted once at most, not in every look. No more is taken off than was
 * told before: what was finished without having been seen to begin is to hide no error.
 */
export function errorsOf(looks: readonly CountedLook[]): ReadonlyMap<CountedArm, number> {
  const errors = new Map<CountedArm, number>();
  for (const arm of ['canary', 'stable'] as const) {
    let [told, owed] = [0, 0];
    for (const { arms } of looks) {
      const counted = arms[arm];
      const count = counted.total('errors') - counted.total('errors-less');
      const finishedLater = Math.min(told, Math.max(0, -count));
      told -= finishedLater;
      owed += finishedLater;
      const found = Math.max(0, count - owed);
      owed -= Math.max(0, count) - found;
      told += found;
      errors.set(counted, found);
    }
  }
  return errors;
}
