import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { parseWith } from '../../domain/parsing.js';
import { failure, success, type Result } from '../../domain/result.js';
import { parseRolloutState, type RolloutState, type RolloutStore } from '../../progressive/index.js';
import { targetText, type ModelRollout } from '../../progressive/resource/index.js';
import { reasonOfFileError } from '../file-error.js';

/** Which run of which rollout a state is of. */
export interface ForegroundRun {
  /** Tells its alerts from those of any other run, also where it goes on in another process. */
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  /** What traffic is moved on. */
  readonly target: string;
}

/** A state that a rollout in the foreground left behind. */
export interface SavedRun {
  readonly run: ForegroundRun;
  readonly state: RolloutState;
}

const schemaName = 'ml-verdict/foreground-rollout/v1';

const schema = z.strictObject({
  schema: z.literal(schemaName),
  id: z.string().min(1),
  namespace: z.string(),
  name: z.string(),
  target: z.string(),
  state: z.unknown(),
});

/** A run that begins now. */
export function newRun(rollout: ModelRollout): ForegroundRun {
  const { namespace, name } = rollout;
  return { id: randomUUID(), namespace, name, target: targetText(rollout) };
}

/** Reads what a file has of a rollout; undefined: there is no such file yet. Fails where it is of another one. */
export function readStateFile(file: string, rollout: ModelRollout): Result<SavedRun | undefined> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return success(undefined);
    return failure([{ path: file, message: reasonOfFileError(error) }]);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return failure([{ path: file, message: 'expected the state of a rollout, got no JSON' }]);
  }
  const parsed = parseWith(schema, json, { at: file });
  if (!parsed.ok) return parsed;
  const { id, namespace, name, target, state: written } = parsed.value;
  const wanted = newRun(rollout);
  if (namespace !== wanted.namespace || name !== wanted.name || target !== wanted.target) {
    const message = `expected the state of ${runText(wanted)}, got that of ${runText({ namespace, name, target })}: name another file`;
    return failure([{ path: file, message }]);
  }
  const state = parseRolloutState(written, `${file}: state`);
  return state.ok ? success({ run: { id, namespace, name, target }, state: state.value }) : state;
}

function runText({ namespace, name, target }: Omit<ForegroundRun, 'id'>): string {
  return `"${name}" in namespace "${namespace}" on ${target}`;
}

/** Keeps a state in a file: as a whole, or as it was before. Without a file it is kept nowhere. */
export function fileStore(file: string | undefined, run: ForegroundRun): RolloutStore {
  if (file === undefined) return { save: () => Promise.resolve({ kind: 'saved' }) };
  return {
    save: async (state) => {
      const written = join(dirname(file), `.${randomBytes(6).toString('hex')}.rollout`);
      try {
        const handle = await open(written, 'wx', 0o600);
        try {
          await handle.writeFile(`${JSON.stringify({ schema: schemaName, ...run, state }, null, 2)}\n`);
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
