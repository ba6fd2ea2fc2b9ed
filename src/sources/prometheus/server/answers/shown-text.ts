const longest = 200;

/**
 * A text that a server wrote, fit for a message: printable, of at most 200 characters, and not at all where it repeats what
 * nobody may be told.
 */
export function shownText(text: string, secrets: readonly string[]): string {
  if (secrets.some((secret) => secret !== '' && text.includes(secret))) {
    return '(its words are not shown: they repeat the credentials)';
  }
  const printable = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  const characters = Array.from(printable);
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : printable;
}
