import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadConfig, type Config } from '../../../src/config/index.js';
import { describeFieldError } from '../../../src/domain/errors.js';
import { errorsOf, valueOf } from '../../support/value-of.js';

/** Config files in a folder of their own. */
export class WrittenConfig {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ml-verdict-config-'));

  /** Loads a config that has to be right: as text, or as what the file holds. */
  load(content: string | object): Config {
    return valueOf(loadConfig({ file: this.#write(content), env: {} }));
  }

  /** What is told of a config that has to be wrong. */
  refuse(content: string | object): readonly string[] {
    return errorsOf(loadConfig({ file: this.#write(content), env: {} })).map(describeFieldError);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(content: string | object): string {
    const file = join(this.#folder, 'ml-verdict.yaml');
    writeFileSync(file, typeof content === 'string' ? content : stringify(content));
    return file;
  }
}
