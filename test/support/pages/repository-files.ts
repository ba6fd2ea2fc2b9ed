import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Texts of generated files, by path from the root of the repository. */
export type GeneratedFiles = ReadonlyMap<string, string>;

export function readRepositoryFile(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** A text as `npm run format` would leave it in this file; prose is wrapped as well. */
export async function formatted(path: string, text: string): Promise<string> {
  const filepath = join(root, path);
  const prose = path.endsWith('.md') ? ({ proseWrap: 'always', printWidth: 120 } as const) : {};
  return format(text, { ...(await resolveConfig(filepath)), ...prose, filepath });
}

/** Writes the files and says so, a line each. */
export function writeGenerated(files: GeneratedFiles): void {
  for (const [path, text] of files) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    process.stdout.write(`wrote ${path}\n`);
  }
}

/**
 * Fails for the first file that is not on disk as it is generated now.
 *
 * @param remedy what to do about it
 */
export function assertWritten(files: GeneratedFiles, remedy: string): void {
  for (const [path, text] of files) {
    assert.ok(readRepositoryFile(path) === text, `${path} is out of date: ${remedy}`);
  }
}
