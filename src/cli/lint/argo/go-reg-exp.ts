/** What JavaScript reads otherwise than Go, or not at all. */
const foreign = /\\[pPQCxAz]|\[\[:|\(\?(?![:<P]|[ims]+\))/;

/** A regular expression as Go reads it; undefined where it cannot be told here what it matches. */
export function goRegExp(pattern: string): RegExp | undefined {
  // Flags may stand at the beginning only: JavaScript has them for the whole expression.
  const [leading = '', flags = ''] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const text = pattern.slice(leading.length).replace(/\(\?P</g, '(?<');
  if (foreign.test(text) || /\(\?[ims]+\)/.test(text) || /\(\?<[=!]/.test(text)) return undefined;
  try {
    return new RegExp(text, [...new Set(flags)].join(''));
  } catch {
    return undefined;
  }
}
