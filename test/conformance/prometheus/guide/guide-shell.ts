import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { compiledProgram } from '../../../support/service/compiled-program.js';

/** How a command of the guide ended. */
export interface GuideRun {
  readonly status: number | null;
  /** Standard error, then standard output: in this order every command of the guide writes. */
  readonly output: string;
}

/** Runs the commands of a guide as a reader would: the real program, in a folder of the reader's own. */
export class GuideShell {
  readonly #folder: string;
  #service: ChildProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Runs a command to its end. */
  async run(argv: readonly string[]): Promise<GuideRun> {
    const [child, written] = this.#start(argv);
    const [status] = (await once(child, 'close')) as [number | null];
    return { status, output: written.err + written.out };
  }

  /** Starts a command that goes on, on a free port; answers host and port. */
  async serve(argv: readonly string[]): Promise<string> {
    const [child, written] = this.#start([...argv, '--port', '0']);
    this.#service = child;
    for (;;) {
      const address = /answers on http:\/\/(\S+)/.exec(written.out)?.[1];
      if (address !== undefined) return address;
      if (child.exitCode !== null) throw new Error(`it ended: ${written.err}`);
      if (child.stdout === null) throw new Error('it has no output');
      await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
    }
  }

  async stop(): Promise<void> {
    const service = this.#service;
    if (service?.exitCode !== null) return;
    service.kill('SIGINT');
    await once(service, 'close');
  }

  #start(argv: readonly string[]): readonly [ChildProcess, { out: string; err: string }] {
    const child = spawn(process.execPath, [compiledProgram(), ...argv], {
      cwd: this.#folder,
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    });
    // Whatever becomes of a test, nothing of it stays behind.
    const kill = () => void child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('close', () => process.off('exit', kill));
    const written = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (written.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (written.err += text));
    return [child, written];
  }
}
