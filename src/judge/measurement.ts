/** The longest sentence of a measurement: it is stored in the AnalysisRun's status and shown in a table. */
const longestSentence = 199;

/** One line of fewer than 200 characters. */
export function measurementSentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= longestSentence ? line : `${line.slice(0, longestSentence - 1)}…`;
}

/** A figure for a chart: six significant digits, so that the stored value stays small. */
export function measuredNumber(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(6));
}
