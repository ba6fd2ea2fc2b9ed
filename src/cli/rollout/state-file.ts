import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure, success, type Result } from '../../domain/result.js';
import { parseRolloutState, type RolloutState, type RolloutStore } from '../../progressive/index.js';
import { reasonOfFileError } from '../file-error.js';

/** A state that a rollout in the foreground left behind; undefined: there is no such file yet. */
export function readStateFile(file: string): Result<RolloutState | undefined> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return success(undefined);
    return failure([{ path: file, message: reasonOfFileError(error) }]);
  }
  try {
    return parseRolloutState(JSON.parse(text), file);
  } catch {
    return failure([{ path: file, message: 'expected the state of a rollout, got no JSON' }]);
  }
}

/** Keeps a state in a file: as a whole, or as it was before. Without a file it is kept nowhere. */
export function fileStore(file: string | undefined): RolloutStore {
  if (file === undefined) return { save: () => Promise.resolve({ kind: 'saved' }) };
  return {
    save: async (state) => {
      const written = join(dirname(file), `.${randomBytes(6).toString('hex')}.rollout`);
      try {
        const handle = await open(written, 'wx', 0o600);
        try {
          await handle.writeFile(`${JSON.stringify(state, null, 2)}\n`);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(written, file);
        return { kind: 'saved' };
      } catch (error) {
        await rm(written, { force: true });
        return { kind: 'unavailable', reason: `${file}: ${reasonOfFileError(error, 'folder')}` };
      }
    },
  };
}
