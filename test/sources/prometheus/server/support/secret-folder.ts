import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the secrets of a suite. */
export class SecretFolder {
  #path = '';

  /** Makes it before the tests of the suite and removes it after them. */
  constructor() {
    before(() => {
      this.#path = mkdtempSync(join(tmpdir(), 'ml-verdict-prometheus-'));
    });
    after(() => {
      rmSync(this.#path, { recursive: true, force: true });
    });
  }

  at(name: string): string {
    return join(this.#path, name);
  }

  /** Writes a file and answers its path. */
  write(name: string, text: string): string {
    writeFileSync(this.at(name), text);
    return this.at(name);
  }
}
