import type { ImportedRow } from './imported-row.js';

/** What in a row contradicts itself, though each of its values may be; undefined where nothing does. */
export function contradictionIn({ table, values }: Omit<ImportedRow, 'line'>): string | undefined {
  const columns = Object.keys(table.columns);
  const valueOf = (column: string) => values[columns.indexOf(column)] ?? null;
  switch (table.name) {
    case 'minute_counts':
      return Number(valueOf('errors')) > Number(valueOf('requests'))
        ? 'expected at most as many errors as requests in minute_counts'
        : undefined;
    case 'series':
      return (valueOf('role') === 'outcome') === (valueOf('kind') === 'sums')
        ? undefined
        : 'expected the kind "sums" for outcomes, and for them alone, in series';
    case 'pending_outcomes':
      return (valueOf('version_id') === null) === (valueOf('minute') === null)
        ? undefined
        : 'expected both or neither of version_id and minute in pending_outcomes';
    default:
      return undefined;
  }
}
