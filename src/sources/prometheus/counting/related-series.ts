import type { SeriesIdentity } from './sampled-series.js';

interface Group<T> {
  /** The first of its processes by name. */
  process: string;
  series: T[];
  /** Where its series went. */
  mergedInto?: Group<T>;
}

/**
 * Puts series into groups of which none has a process or a scraped target in common with another: what is decided of a series
 * may depend on others of its group, and on no other. The groups are in the same order whichever answer came first: sums of
 * fractions depend on it.
 */
export function relatedSeries<T extends { readonly identity: SeriesIdentity }>(
  all: Iterable<T>,
): readonly (readonly T[])[] {
  const groups: Group<T>[] = [];
  const byProcess = new Map<string, Group<T>>();
  const byTarget = new Map<string, Group<T>>();
  for (const one of all) {
    const { process, target } = one.identity;
    const ofProcess = present(byProcess.get(process));
    const ofTarget = present(byTarget.get(target));
    let group = ofProcess ?? ofTarget;
    if (group === undefined) groups.push((group = { process, series: [] }));
    if (process < group.process) group.process = process;
    if (ofTarget !== undefined && ofTarget !== group) {
      group.series = group.series.concat(ofTarget.series);
      if (ofTarget.process < group.process) group.process = ofTarget.process;
      ofTarget.series = [];
      ofTarget.mergedInto = group;
    }
    group.series.push(one);
    byProcess.set(process, group);
    byTarget.set(target, group);
  }
  groups.sort((left, right) => (left.process < right.process ? -1 : 1));
  return groups.flatMap(({ series }) => (series.length === 0 ? [] : [series]));
}

function present<T>(group: Group<T> | undefined): Group<T> | undefined {
  let found = group;
  while (found?.mergedInto !== undefined) found = found.mergedInto;
  return found;
}
