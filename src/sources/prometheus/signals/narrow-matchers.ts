import type { Matcher } from './signal.js';

/**
 * Adds special matchers to general ones. Where both speak of a label, what the general ones say that it equals is
 * replaced, as nothing can equal two texts; everything else has to hold beside it.
 */
export function narrowMatchers(general: readonly Matcher[], special: readonly Matcher[]): readonly Matcher[] {
  const replaced = new Set(special.map(({ label }) => label));
  return [...general.filter(({ label, operator }) => operator !== '=' || !replaced.has(label)), ...special];
}
