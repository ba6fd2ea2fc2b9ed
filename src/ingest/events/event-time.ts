const instant = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i;

/**
 * The time of an event in milliseconds since the epoch, with fractions: payload loggers tell nanoseconds, and a fast
 * model answers within one millisecond. NaN where the text is no time of RFC 3339.
 */
export function parseEventTime(text: string): number {
  const [, seconds, fraction = '', zone] = instant.exec(text) ?? [];
  if (seconds === undefined || zone === undefined) return NaN;
  return Date.parse(`${seconds}${zone.toUpperCase()}`) + Number(`0${fraction}`) * 1000;
}
