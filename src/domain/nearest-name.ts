import { distance } from 'fastest-levenshtein';

/**
 * The known name closest to what somebody wrote, or undefined when none is close enough to be a likely slip
 * (more than a third of the letters, and at least 2, differ).
 */
export function nearestName(written: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const name of known) {
    const d = distance(written.toLowerCase(), name.toLowerCase());
    if (d < bestDistance) {
      best = name;
      bestDistance = d;
    }
  }
  const limit = Math.max(2, Math.floor(written.length / 3));
  return bestDistance <= limit ? best : undefined;
}

/** A sentence part that helps after an unknown name: `did you mean "x"?`, or the list of what is known. */
export function suggestName(written: string, known: readonly string[]): string {
  const nearest = nearestName(written, known);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  if (known.length === 0) return 'none is known';
  const shown = known.slice(0, 12).map((name) => `"${name}"`);
  return `known: ${shown.join(', ')}${known.length > 12 ? ', …' : ''}`;
}
