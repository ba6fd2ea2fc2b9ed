import { markdownTable } from '../../support/pages/markdown-table.js';
import { formatChange, formatOdds, formatPercent, trimNumber } from '../../../src/domain/units.js';

/** One row of a worked example: what is computed, the arithmetic, and what the project's own functions give. */
export interface Step {
  readonly what: string;
  /** Arithmetic that {@link calculate} reads; absent where it is too long to do by hand. */
  readonly how?: string;
  readonly value: number;
  readonly unit: 'number' | 'percent' | 'change' | 'odds' | 'milliseconds';
}

/** A row whose result is a plain number. */
export function step(what: string, how: string, value: number, unit: Step['unit'] = 'number'): Step {
  return { what, how, value, unit };
}

/** A row whose result stands without arithmetic. */
export function given(what: string, value: number, unit: Step['unit'] = 'number'): Step {
  return { what, value, unit };
}

/** An e-value of odds is given as the number before the colon. */
function resultOf({ value, unit }: Step): string {
  switch (unit) {
    case 'percent':
      return formatPercent(value);
    case 'change':
      return formatChange(value, 3);
    case 'odds':
      return formatOdds(Math.log(value));
    case 'milliseconds':
      return `${trimNumber(value)} ms`;
    case 'number':
      return Math.abs(value) < 1e-6 ? '0' : trimNumber(value, 4);
  }
}

/** The steps as a table. */
export function stepsTable(steps: readonly Step[]): string {
  const rows = steps.map(({ how, ...one }) => [
    one.what,
    how === undefined ? '' : `\`${how}\``,
    resultOf(one),
  ]);
  return markdownTable(['step', 'arithmetic', 'result'], rows);
}

/** A number as it stands in arithmetic: enough digits that nothing is lost on the way, never with an exponent. */
export function digits(value: number, count = 5): string {
  if (Number.isInteger(value)) return String(value);
  if (Math.abs(value) < 1e-6) return '0';
  return Number(value.toPrecision(count)).toLocaleString('en-US', {
    useGrouping: false,
    maximumSignificantDigits: 17,
  });
}
