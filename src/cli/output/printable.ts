/**
 * A text from a file as one line that a terminal can show: control characters and line separators become `\u001b`
 * and the like, so that a name can neither break a line nor steer the terminal.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
