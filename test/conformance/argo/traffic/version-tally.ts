/** What a version did. */
export interface VersionTally {
  requests: number;
  errors: number;
  outcomes: number;
}

/** The tally of a version; from now on it has one. */
export function tallyOf(tallies: Map<string, VersionTally>, version: string): VersionTally {
  const known = tallies.get(version) ?? { requests: 0, errors: 0, outcomes: 0 };
  tallies.set(version, known);
  return known;
}
