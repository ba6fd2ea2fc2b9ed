import type { Config } from '../config/index.js';
import { describeFieldError } from '../domain/errors.js';
import { loadAccess } from '../server/index.js';

/** Files of tokens and keys that cannot be used here: where a config is checked they are often not mounted. */
export async function accessWarnings(config: Config): Promise<readonly string[]> {
  const loaded = await loadAccess(config);
  if (loaded.ok) return [];
  return loaded.errors.map((error) => `${describeFieldError(error)}; serve would not start with it here`);
}
