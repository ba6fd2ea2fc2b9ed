import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface CommandRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlOptions {
  /** For messages. */
  readonly name: string;
  readonly command: string;
  readonly kubeconfig: string;
  /** Where it keeps what it has learnt of the server. */
  readonly homeFolder: string;
}

/** A command that asks an API server, as a person types it; others of the test go on meanwhile. */
export class Kubectl {
  readonly #options: KubectlOptions;

  constructor(options: KubectlOptions) {
    this.#options = options;
  }

  /** Runs it to its end, whatever its status. */
  async try(args: readonly string[], { input = '' }: { readonly input?: string } = {}): Promise<CommandRun> {
    const { command, kubeconfig, homeFolder } = this.#options;
    const child = spawn(command, args, {
      env: { PATH: process.env['PATH'], HOME: homeFolder, KUBECONFIG: kubeconfig },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const ended = once(child, 'close');
    // It may end without having read all.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    await ended;
    return { status: child.exitCode ?? 1, stdout, stderr };
  }

  /**
   * Runs it; it has to succeed. The answer is what it wrote to its standard output.
   * @throws Error with all that it wrote, where it did not
   */
  async run(args: readonly string[], options: { readonly input?: string } = {}): Promise<string> {
    const { status, stdout, stderr } = await this.try(args, options);
    if (status === 0) return stdout;
    throw new Error(
      `${this.#options.name} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`.slice(0, 20_000),
    );
  }
}
