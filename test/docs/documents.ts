/** The Markdown documents of the repository, read once. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readMarkdown, type Markdown } from './markdown.js';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface MarkdownDocument extends Markdown {
  /** From the root of the repository: `docs/http.md`. */
  readonly path: string;
  readonly text: string;
}

const folders = ['.', 'docs', 'test', 'analysis-templates', 'rollouts'];

/** All of them, also the READMEs of fixtures. */
export const documents: readonly MarkdownDocument[] = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => readDocument(folder === '.' ? name : `${folder}/${name}`))
    .sort((a, b) => (a.path < b.path ? -1 : 1)),
);

/** One of them; fails where it does not exist. */
export function documentAt(path: string): MarkdownDocument {
  const found = documents.find((document) => document.path === path);
  if (found === undefined) throw new Error(`there is no document ${path}`);
  return found;
}

function readDocument(path: string): MarkdownDocument {
  const text = readFileSync(join(root, path), 'utf8');
  return { path, text, ...readMarkdown(text) };
}
