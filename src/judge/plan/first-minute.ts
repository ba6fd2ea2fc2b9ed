import { lookMinutes } from './hypothetical-observations.js';

/** A plan looks no further than a week. */
export const longestMinutes = 7 * 24 * 60;

/**
 * The first whole minute after which something is decided, by doubling and bisection: to the minute within two hours,
 * beyond to the length of the looks. Pauses after every question, so that a caller can do something else in between.
 *
 * @param from a minute before which it is certainly not decided
 * @returns null where a week does not decide it
 */
export function* firstMinute(
  decides: (minutes: number) => boolean,
  from = 1,
): Generator<void, number | null> {
  let lower = from - 1;
  let upper = from;
  for (;;) {
    const decided = decides(upper);
    yield;
    if (decided) break;
    if (upper >= longestMinutes) return null;
    lower = upper;
    upper = Math.min(longestMinutes, 2 * upper);
  }
  while (upper - lower > lookMinutes(upper)) {
    const middle = Math.floor((lower + upper) / 2);
    const decided = decides(middle);
    yield;
    if (decided) upper = middle;
    else lower = middle;
  }
  return upper;
}
