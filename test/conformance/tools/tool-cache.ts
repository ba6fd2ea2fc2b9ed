/** A folder outside the checkout for what takes long to make and never changes: built tools, base systems. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ml-verdict');

/**
 * The path of something that is made once for every key. `make` writes it to the path that it is given; only a whole
 * one is ever seen under the final path, also when two runs make it at the same time.
 *
 * @param key everything that it depends on
 */
export function cached(name: string, key: readonly string[], make: (path: string) => void): string {
  const digest = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 16);
  const path = join(folder, `${name}-${digest}`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const workshop = mkdtempSync(join(folder, '.making-'));
  try {
    make(join(workshop, name));
    renameSync(join(workshop, name), path);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
  return path;
}
