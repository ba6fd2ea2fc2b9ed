import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { call } from '../service/call.js';

// A test run that is ended from outside takes its processes along: what is registered for 'exit' is done only so.
process.once('SIGTERM', () => process.exit(143));

export interface LoopbackProcessOptions {
  /** For messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Answers 200 as soon as the process is ready. */
  readonly readyUrl: string;
  /** Asks there for the status; absent: over plain HTTP. */
  readonly statusOf?: (url: string) => Promise<number>;
  /** How to get the command where it is missing. */
  readonly install: string;
  /** So many of its last lines are kept. */
  readonly keptLines?: number;
  readonly cwd?: string;
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A process of a test's own that answers HTTP on the loopback. */
export class LoopbackProcess {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #log: string[] = [];
  readonly #ended: Promise<void>;
  #failure: Error | undefined;
  #isStopped = false;

  private constructor(options: LoopbackProcessOptions) {
    const { keptLines = 2000 } = options;
    this.name = options.name;
    this.#process = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: what it starts ends with it.
      detached: true,
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log.push(...text.split('\n').filter((line) => line !== ''));
        if (this.#log.length > keptLines) this.#log.splice(0, this.#log.length - keptLines);
      });
    }
    // Whatever becomes of a test, nothing of it stays behind.
    const kill = () => {
      this.#signal('SIGKILL');
    };
    process.once('exit', kill);
    this.#ended = new Promise((resolve) => {
      this.#process.once('close', () => {
        process.off('exit', kill);
        resolve();
      });
      this.#process.once('error', (error: NodeJS.ErrnoException) => {
        process.off('exit', kill);
        this.#failure =
          error.code === 'ENOENT'
            ? new Error(
                `${options.command} is not installed, and this suite does not go without it: ${options.install}`,
              )
            : error;
        resolve();
      });
    });
  }

  /**
   * Starts it and waits until it is ready.
   * @throws Error with the last lines that it wrote, where it ends before
   */
  static async start(options: LoopbackProcessOptions): Promise<LoopbackProcess> {
    const started = new LoopbackProcess(options);
    const { statusOf = plainStatus } = options;
    for (;;) {
      if (started.#failure !== undefined) throw started.#failure;
      if (started.hasEnded) {
        await started.#ended;
        throw new Error(`${options.name} ended before it was ready\n${started.log.slice(-40).join('\n')}`);
      }
      const status = await statusOf(options.readyUrl).catch(() => 0);
      if (status === 200) return started;
      await pause(50);
    }
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The last lines that it has written, to either stream. */
  get log(): readonly string[] {
    return this.#log;
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** Ends it by its own id, and waits until it is gone. `SIGKILL` is what nothing can prevent. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    if (!this.hasEnded) this.#signal(signal);
    const impatience = AbortSignal.timeout(5000);
    await Promise.race([this.#ended, once(impatience, 'abort')]);
    // Also what it started and left behind.
    this.#signal('SIGKILL');
    await this.#ended;
  }

  #signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.pid === 0) return;
    try {
      process.kill(-this.pid, signal);
    } catch (error) {
      // Nobody of the group is left.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

async function plainStatus(url: string): Promise<number> {
  return (await call(url, { timeoutMs: 2000 })).status;
}
