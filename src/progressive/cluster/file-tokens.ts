import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { isRecord } from './read-object.js';

/**
 * The files that the users of a kubeconfig have their tokens from (`tokenFile`), by the names of the users. The client library
 * does not know that field.
 */
export function fileTokens(file: string): ReadonlyMap<string, string> {
  const config: unknown = parse(readFileSync(file, 'utf8'));
  const users: readonly unknown[] = isRecord(config) && Array.isArray(config['users']) ? config['users'] : [];
  const found = new Map<string, string>();
  for (const entry of users) {
    if (!isRecord(entry) || !isRecord(entry['user'])) continue;
    const path = entry['user']['tokenFile'];
    if (typeof path !== 'string' || path === '') continue;
    found.set(String(entry['name']), isAbsolute(path) ? path : join(dirname(file), path));
  }
  return found;
}
