import { InvalidArgumentError } from 'commander';
import { stringify } from 'yaml';

/** How a command prints: a table for people, or whole documents for programs. */
export const outputFormats = ['table', 'wide', 'json', 'ndjson', 'yaml'] as const;

export type OutputFormat = (typeof outputFormats)[number];

/** Reads `-o`; an unknown format is refused with the known ones. */
export function parseOutputFormat(value: string): OutputFormat {
  const format = outputFormats.find((known) => known === value);
  if (format === undefined) throw new InvalidArgumentError(`expected one of ${outputFormats.join(', ')}.`);
  return format;
}

/** Documents as JSON (one alone, several as an array), one a line, or YAML (several separated by `---`). */
export function formatDocuments(documents: readonly unknown[], format: 'json' | 'ndjson' | 'yaml'): string {
  switch (format) {
    case 'ndjson':
      return documents.map((document) => `${JSON.stringify(document)}\n`).join('');
    case 'yaml':
      return documents.map((document) => stringify(document)).join('---\n');
    case 'json':
      return `${JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2)}\n`;
  }
}
