/** The name under which a person finds a query of a signal in the config. */
export function checkOfChannel(id: string): string {
  const [kind = '', ...rest] = id.split(' ');
  if (kind === 'prediction') return `predictions.${rest.join(' ')}`;
  // The last word is the part of the outcome: count, sum, squares.
  if (kind === 'outcome') return `outcomes.${rest.slice(0, -1).join(' ')}`;
  return kind.replace(/-less$/, '');
}
