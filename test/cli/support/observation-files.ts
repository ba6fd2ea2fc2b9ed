import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Observations } from '../../../src/domain/observations.js';
import { observationsToFile } from '../../../src/domain/observations-file.js';
import type { Verdict } from '../../../src/domain/verdict.js';
import { rollout, times } from '../../support/rollouts.js';

/** One canary for each verdict of the default policy. */
export const canaries: Readonly<Record<Verdict, Observations>> = {
  promote: rollout(times(12)),
  hold: rollout(times(3)),
  rollback: rollout(times(8, { canary: { errors: 50 } })),
};

/** The observations of a canary as a file holds them. */
export function fileOf(canary: Verdict): ReturnType<typeof observationsToFile> {
  return observationsToFile(canaries[canary]);
}

/** A folder of its own for the files of one test suite. */
export class FileFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'ml-verdict-cli-'));

  /** The path of a file in the folder, whether or not it is there. */
  at(name: string): string {
    return join(this.path, name);
  }

  /** Writes a file (text and bytes as they are, anything else as JSON) and answers its path. */
  write(name: string, content: unknown): string {
    const path = this.at(name);
    const raw = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(path, raw ? content : JSON.stringify(content));
    return path;
  }

  /** Writes one file for each verdict. */
  writeCanaries(): Readonly<Record<Verdict, string>> {
    return {
      promote: this.write('promote.json', fileOf('promote')),
      hold: this.write('hold.json', fileOf('hold')),
      rollback: this.write('rollback.json', fileOf('rollback')),
    };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
