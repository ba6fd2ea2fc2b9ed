/** Stages as a ModelRollout has them. */
export function stages(...percents: readonly number[]): readonly object[] {
  return percents.map((percent) => ({ percent }));
}
