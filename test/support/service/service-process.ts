import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { call, type Call, type CallAnswer } from './call.js';
import { compiledProgram, repository } from './compiled-program.js';
import { processMemory, type ProcessMemory } from './process-figures.js';

/** So many lines of the log are kept. */
const keptLines = 2000;

// A test run that is ended from outside takes its services along: what is registered for 'exit' is done only so.
process.once('SIGTERM', () => process.exit(143));

/** How the real program is started. */
export interface ServiceOptions {
  /** Where its ledger is: a folder, or the address of a PostgreSQL database. */
  readonly ledger: { readonly folder: string } | { readonly databaseUrl: string };
  /** What differs from the default config. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The port to listen on; absent: a free one. */
  readonly port?: number;
  /** As which user it runs; absent: as the one who started it. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** How many files and connections it may have open; absent: as many as the one who started it. */
  readonly openFiles?: number;
  /** Modules that are loaded before the program. */
  readonly preloaded?: readonly string[];
}

/** How it ended. */
export interface ServiceEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The real program, compiled, as a process of its own on a port of the loopback. */
export class ServiceProcess {
  readonly #process: ChildProcess;
  readonly #log: string[] = [];
  readonly #ended: Promise<ServiceEnd>;
  #out = '';
  #url: string | undefined;

  private constructor(options: ServiceOptions) {
    const { ledger, openFiles, user, preloaded = [] } = options;
    const folder = configFolder(options.config ?? {});
    const argv = [
      ...preloaded.flatMap((module) => ['--import', module]),
      compiledProgram(),
      ...['serve', '--port', String(options.port ?? 0), '--config', join(folder, 'config.yaml')],
      ...('folder' in ledger ? ['--data-dir', ledger.folder] : []),
    ];
    const command =
      openFiles === undefined
        ? [process.execPath, ...argv]
        : ['sh', '-c', `ulimit -n ${openFiles} && exec "$0" "$@"`, process.execPath, ...argv];
    this.#process = spawn(command[0] ?? '', command.slice(1), {
      ...user,
      cwd: repository,
      env: {
        PATH: process.env['PATH'],
        ...('databaseUrl' in ledger ? { DATABASE_URL: ledger.databaseUrl } : {}),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#out += text));
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log.push(...text.split('\n').filter((line) => line !== ''));
      this.#log.splice(0, this.#log.length - keptLines);
    });
    // Whatever becomes of a test, nothing of it stays behind.
    const kill = () => void this.#process.kill('SIGKILL');
    process.once('exit', kill);
    this.#ended = once(this.#process, 'close').then(([status, signal]) => {
      process.off('exit', kill);
      rmSync(folder, { recursive: true, force: true });
      return { status: status as number | null, signal: signal as NodeJS.Signals | null };
    });
  }

  /** Starts it and waits until it is ready. */
  static async start(options: ServiceOptions): Promise<ServiceProcess> {
    const service = ServiceProcess.launch(options);
    await service.listening();
    for (;;) {
      if ((await service.call('/readyz')).status === 200) return service;
    }
  }

  /** Starts it without waiting for anything. */
  static launch(options: ServiceOptions): ServiceProcess {
    return new ServiceProcess(options);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Where it answers; it has to listen already. */
  get url(): string {
    assert.ok(this.#url !== undefined, 'the service does not listen yet');
    return this.#url;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** The last lines that it has logged or complained. */
  get log(): readonly string[] {
    return this.#log;
  }

  get memory(): ProcessMemory {
    return processMemory(this.pid);
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** Waits until it has said where it listens; fails if it ends before. */
  async listening(): Promise<void> {
    while (this.#url === undefined) {
      this.#url = / (https?:\/\/\S+)/.exec(this.#out)?.[1];
      if (this.#url !== undefined) return;
      assert.ok(!this.hasEnded, `the service ended: ${this.#log.join('\n')}`);
      await Promise.race([once(this.#process.stdout ?? this.#process, 'data'), this.#ended]);
    }
  }

  call(path: string, options?: Call): Promise<CallAnswer> {
    return call(this.url + path, options);
  }

  /** Says something to a preloaded module; answers what it says back. */
  async tell(message: Readonly<Record<string, unknown>>): Promise<unknown> {
    const answer = once(this.#process, 'message');
    this.#process.send(message);
    return ((await answer) as readonly unknown[])[0];
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Resolves once it has ended. */
  ended(): Promise<ServiceEnd> {
    return this.#ended;
  }

  /** Kills it as nothing can prevent, and waits until it is gone. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#ended;
  }
}

/** A folder with the config, which every user may read. */
function configFolder(config: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-config-'));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'config.yaml'), stringify({ logging: { level: 'warn' }, ...config }), {
    mode: 0o644,
  });
  return folder;
}
