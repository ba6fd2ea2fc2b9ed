import type { ScenarioResult, VerdictQuality } from '../results.js';

/**
 * One cell of the results.
 *
 * @throws RangeError where it was not run: the document is made of complete results only
 */
export function cellOf(
  { scenarios }: Pick<VerdictQuality, 'scenarios'>,
  scenario: string,
  rate: number,
  judge = 'evidence',
): ScenarioResult {
  const found = scenarios.find(
    (cell) => cell.scenario === scenario && cell.rate === rate && cell.judge === judge,
  );
  if (found === undefined) throw new RangeError(`there are no figures for ${scenario}/${rate}/${judge}`);
  return found;
}
