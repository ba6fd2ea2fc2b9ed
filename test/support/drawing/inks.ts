/** What everything is painted in, by class: on light and on dark paper. A class is also an ink's name. */
export const inks: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  paper: ['#ffffff', '#14181f'],
  ink: ['#1f2328', '#e6edf3'],
  faint: ['#59636e', '#a3adb8'],
  rule: ['#d0d7de', '#3d444d'],
  shade: ['#eef1f4', '#232932'],
  // Verdicts, and what speaks for them.
  promote: ['#0063b0', '#58a6ff'],
  rollback: ['#c2410c', '#ff9657'],
  other: ['#7a4fa3', '#c69bf0'],
  // Judges, by name.
  evidence: ['#0063b0', '#58a6ff'],
  'evidence-080': ['#0a7ea4', '#79d0e8'],
  'evidence-default': ['#5a4fcf', '#a9a3ff'],
  'evidence-alone': ['#00727a', '#5ad1d8'],
  threshold: ['#c2410c', '#ff9657'],
  'one-minute': ['#a8327d', '#f28cc8'],
  'five-strikes': ['#8a6100', '#e3b341'],
  'mann-whitney': ['#1a7f4b', '#5fd39a'],
  'mann-whitney-critical': ['#57606a', '#b1bac4'],
};

/** Judges whose lines end in the same place, or whose colours look alike to some, are told apart by their dashes. */
const dashes: Readonly<Record<string, string>> = {
  threshold: '7 3',
  'one-minute': '2 2',
  'five-strikes': '9 3 2 3',
  'mann-whitney': '5 5',
  'mann-whitney-critical': '1 4',
  'evidence-080': '12 3',
  'evidence-default': '12 3',
  'evidence-alone': '3 3',
};

/** How a judge's line is drawn in every picture: ml-verdict's own is the broad one. */
export function judgeLine(judge: string): {
  readonly ink: string;
  readonly width: number;
  readonly dash?: string;
} {
  const dash = dashes[judge];
  return {
    ink: judge,
    width: judge === 'evidence' ? 3 : 1.75,
    ...(dash === undefined ? {} : { dash }),
  };
}
