import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder with files of tokens, as a mounted Secret has them. */
export class TokenFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'ml-verdict-tokens-'));

  /** Writes a file, with a newline behind the text as most tools do, and answers its path. */
  write(name: string, text: string): string {
    const file = join(this.path, name);
    writeFileSync(file, `${text}\n`);
    return file;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The header that carries a token. */
export function bearer(token: string): { readonly Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}
