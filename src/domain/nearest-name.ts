/**
 * How many single-letter slips lie between two names: a letter added, left out, replaced, or two neighbours swapped
 * (the optimal string alignment distance).
 */
export function slipsBetween(written: string, name: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: name.length + 1 }, (_, j) => j);
  for (let i = 1; i <= written.length; i++) {
    const row = [i];
    for (let j = 1; j <= name.length; j++) {
      const same = written[i - 1] === name[j - 1];
      const swapped = i > 1 && j > 1 && written[i - 1] === name[j - 2] && written[i - 2] === name[j - 1];
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (beforeLast[j - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[name.length] ?? 0;
}

/** Names longer than this are compared by their beginning: what is written may be anything. */
const comparedLength = 100;

/**
 * The known name closest to what somebody wrote, or undefined when none is close enough to be a likely slip
 * (more than a third of the letters, and at least 2, differ).
 */
export function nearestName(written: string, known: readonly string[]): string | undefined {
  const short = written.toLowerCase().slice(0, comparedLength);
  let best: string | undefined;
  let fewest = Infinity;
  for (const name of known) {
    const slips = slipsBetween(short, name.toLowerCase().slice(0, comparedLength));
    if (slips < fewest) {
      best = name;
      fewest = slips;
    }
  }
  const limit = Math.max(2, Math.floor(short.length / 3));
  return fewest <= limit ? best : undefined;
}

/** A sentence part that helps after an unknown name: `did you mean "x"?`, or the list of what is known. */
export function suggestName(written: string, known: readonly string[]): string {
  const nearest = nearestName(written, known);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  if (known.length === 0) return 'none is known';
  const shown = known.slice(0, 12).map((name) => `"${name}"`);
  return `known: ${shown.join(', ')}${known.length > 12 ? ', …' : ''}`;
}
