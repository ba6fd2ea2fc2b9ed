import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** How a process ended and what it wrote. */
export interface ChildEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** The program as a process of its own. */
export class Child {
  readonly #process;
  #out = '';
  #err = '';

  constructor(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#process = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...argv], {
      cwd: root,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 30_000,
    });
    this.#process.stdin.on('error', () => undefined);
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => (this.#out += text));
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => (this.#err += text));
  }

  /** Gives it a standard input. */
  give(input: string): void {
    this.#process.stdin.end(input);
  }

  /** Resolves with the first match of what it writes to standard output; fails if it ends before. */
  async waitFor(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#out);
      if (match !== null) return match;
      if (this.#process.exitCode !== null) assert.fail(`it ended: ${this.#out}${this.#err}`);
      await Promise.race([once(this.#process.stdout, 'data'), once(this.#process, 'exit')]);
    }
  }

  /** Stops reading what it writes: the next write to that pipe fails. */
  stopReading(stream: 'out' | 'err'): void {
    (stream === 'out' ? this.#process.stdout : this.#process.stderr).destroy();
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Resolves once it has ended and everything that it wrote has been read. */
  async end(): Promise<ChildEnd> {
    if (this.#process.exitCode === null && this.#process.signalCode === null)
      await once(this.#process, 'close');
    const { exitCode: status, signalCode: signal } = this.#process;
    return { status, signal, out: this.#out, err: this.#err };
  }
}
