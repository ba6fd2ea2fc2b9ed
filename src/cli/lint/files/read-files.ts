import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { reasonOfFileError } from '../../file-error.js';
import type { Refusal } from '../finding.js';

/** A file as it was read. */
export interface ReadText {
  readonly file: string;
  readonly text: string;
  /** Named on the command line, not found in a directory: then it is meant to hold objects. */
  readonly named: boolean;
}

export interface ReadTexts {
  readonly texts: readonly ReadText[];
  readonly refused: readonly Refusal[];
}

/** Larger texts take a parser more memory than a small machine has. */
const mostBytes = 16 * 1024 * 1024;

const manifestName = /\.(?:ya?ml|json)$/i;

/**
 * Reads files, directories (all .yaml, .yml and .json below them, sorted; hidden ones and node_modules left out) and `-`,
 * standard input. Each file is read once, however often it is named.
 */
export function readFiles(paths: readonly string[]): ReadTexts {
  const texts: ReadText[] = [];
  const refused: Refusal[] = [];
  const seen = new Set<string>();
  const read = (file: string, named: boolean): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readText(file);
    if (text.ok) texts.push({ file, text: text.text, named });
    else refused.push({ file, message: text.message });
  };
  for (const path of paths) {
    if (!isDirectory(path)) {
      read(path, true);
      continue;
    }
    const files = filesBelow(path, refused);
    if (files.length === 0)
      refused.push({ file: path, message: 'there is no .yaml, .yml or .json file in it' });
    for (const file of files) read(file, false);
  }
  return { texts, refused };
}

function isDirectory(path: string): boolean {
  try {
    return path !== '-' && statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function filesBelow(folder: string, refused: Refusal[]): readonly string[] {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    refused.push({ file: folder, message: reasonOfFileError(error, 'folder') });
    return [];
  }
  return [...entries]
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path, refused);
      // A link to a folder is not followed: it may lead back up.
      return manifestName.test(entry.name) && !isDirectory(path) ? [path] : [];
    });
}

type Text = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

function readText(file: string): Text {
  let bytes: Buffer;
  try {
    if (file !== '-' && statSync(file).size > mostBytes) return tooLarge();
    bytes = readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    return { ok: false, message: reasonOfFileError(error) };
  }
  if (bytes.length > mostBytes) return tooLarge();
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { ok: true, text };
  } catch {
    return { ok: false, message: 'not YAML: it is no UTF-8 text' };
  }
}

function tooLarge(): Text {
  return { ok: false, message: `it is larger than ${mostBytes / 1024 / 1024} MiB; split it` };
}
