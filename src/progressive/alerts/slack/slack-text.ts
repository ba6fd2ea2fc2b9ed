const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** A text as Slack takes it: its three control characters escaped, and cut to so many characters, never inside of one. A dash for none. */
export function slackText(text: string, longest: number): string {
  if (text.trim() === '') return '–';
  const parts = Array.from(text, (character) => entities[character] ?? character);
  let length = 0;
  const fits = parts.findIndex((part) => {
    length += part.length;
    return length > longest;
  });
  return fits < 0 ? parts.join('') : `${cut(parts, longest - 1)}…`;
}

function cut(parts: readonly string[], longest: number): string {
  let text = '';
  for (const part of parts) {
    if (text.length + part.length > longest) break;
    text += part;
  }
  return text;
}
