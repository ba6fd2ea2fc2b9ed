/** Runs the real tools that the suites need; where one is missing, the failure says how to install it. */
import { spawnSync } from 'node:child_process';

/** How to get a tool on Debian or Ubuntu, by the name of its command. */
const installs: Readonly<Record<string, string>> = {
  buildah: 'apt-get install --no-install-recommends buildah',
  debootstrap: 'apt-get install --no-install-recommends debootstrap',
  etcd: 'apt-get install --no-install-recommends etcd-server',
  go: 'install Go 1.26 or newer',
  npm: 'install npm',
  promtool: 'apt-get install --no-install-recommends prometheus',
  runc: 'apt-get install --no-install-recommends runc',
  tar: 'apt-get install tar',
};

export interface ToolOptions {
  readonly cwd?: string;
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface ToolRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a tool to its end, whatever its status.
 * @throws Error with the command that installs it, where it is missing
 */
export function tryTool(name: string, args: readonly string[], options: ToolOptions = {}): ToolRun {
  const run = spawnSync(name, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    input: options.input ?? '',
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (run.error !== undefined) {
    if ('code' in run.error && run.error.code === 'ENOENT') throw new Error(missing(name));
    throw run.error;
  }
  return { status: run.status ?? 1, stdout: run.stdout, stderr: run.stderr };
}

/**
 * Runs a tool that has to succeed; the answer is what it wrote to its standard output.
 * @throws Error with all that it wrote, where it did not
 */
export function runTool(name: string, args: readonly string[], options: ToolOptions = {}): string {
  const { status, stdout, stderr } = tryTool(name, args, options);
  if (status === 0) return stdout;
  throw new Error(`${name} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`.slice(0, 20_000));
}

function missing(name: string): string {
  return `${name} is not installed, and this suite does not go without it: ${installs[name] ?? 'see the suite'}`;
}
