/**
 * How many single-letter slips lie between two names: a letter added, left out, replaced, or two neighbours swapped
 * (the optimal string alignment distance).
 *
 * @param atMost more than so many are told as infinitely many, as soon as that is certain
 */
export function slipsBetween(written: string, name: string, atMost = Infinity): number {
  if (Math.abs(written.length - name.length) > atMost) return Infinity;
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: name.length + 1 }, (_, j) => j);
  for (let i = 1; i <= written.length; i++) {
    const row = [i];
    let fewest = i;
    for (let j = 1; j <= name.length; j++) {
      const same = written[i - 1] === name[j - 1];
      const swapped = i > 1 && j > 1 && written[i - 1] === name[j - 2] && written[i - 2] === name[j - 1];
      const slips = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Infinity,
      );
      row.push(slips);
      if (slips < fewest) fewest = slips;
    }
    // No later row has fewer than this one.
    if (fewest > atMost) return Infinity;
    beforeLast = last;
    last = row;
  }
  const slips = last[name.length] ?? 0;
  return slips > atMost ? Infinity : slips;
}

/** Names longer than this are compared by their beginning: what is written may be anything. */
const comparedLength = 100;

/** So many pairs of letters are compared for one hint, some tens of milliseconds; the names after that are left out. */
const mostPairs = 2_000_000;

/**
 * The known name closest to what somebody wrote, or undefined when none is close enough to be a likely slip
 * (more than a third of the letters, and at least 2, differ).
 */
export function nearestName(written: string, known: readonly string[]): string | undefined {
  const short = written.slice(0, comparedLength).toLowerCase();
  let limit = Math.max(2, Math.floor(short.length / 3));
  let pairs = 0;
  let best: string | undefined;
  for (const name of known) {
    const candidate = name.slice(0, comparedLength).toLowerCase();
    if (Math.abs(short.length - candidate.length) > limit) continue;
    pairs += short.length * candidate.length;
    if (pairs > mostPairs) break;
    const slips = slipsBetween(short, candidate, limit);
    if (slips > limit) continue;
    best = name;
    // Of two that are as near, the first is taken.
    limit = slips - 1;
  }
  return best;
}

/** A sentence part that helps after an unknown name: `did you mean "x"?`, or the list of what is known. */
export function suggestName(written: string, known: readonly string[]): string {
  const nearest = nearestName(written, known);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  if (known.length === 0) return 'none is known';
  const shown = known.slice(0, 12).map((name) => `"${name}"`);
  return `known: ${shown.join(', ')}${known.length > 12 ? ', …' : ''}`;
}
