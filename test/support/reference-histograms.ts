/** Histograms of which all drift figures are known: a canary against ten equally filled bins of the baseline. */

export const baseline: readonly number[] = new Array<number>(10).fill(100);

export const canaries = {
  /** 100 predictions that hardly differ. */
  similar: [12, 9, 11, 10, 8, 10, 9, 11, 10, 10],
  /** 1,000 predictions that lean to one side. */
  leaning: [40, 60, 80, 90, 100, 110, 120, 130, 130, 140],
  /** 100 predictions, one bin empty. */
  emptied: [0, 5, 10, 10, 10, 10, 10, 10, 15, 20],
} as const satisfies Readonly<Record<string, readonly number[]>>;

export type CanaryName = keyof typeof canaries;
