import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { compiledFastClock, compiledFastDates } from '../../../support/service/compiled-fast-clock.js';
import { compiledProgram, repository } from '../../../support/service/compiled-program.js';
import type { FastClock } from '../../../support/service/fast-clock.js';

export interface CommandEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface CommandOptions {
  readonly kubeconfig: string;
  readonly input?: string;
  /** It drives the rollout itself, so that what it waits for comes fast too; absent: it has the patience of a person. */
  readonly isDriving?: boolean;
}

/** Runs `ml-verdict rollout …` to its end, as a person types it, in a process whose time passes fast. */
export async function rolloutCommand(
  clock: FastClock,
  args: readonly string[],
  { kubeconfig, input = '', isDriving = false }: CommandOptions,
): Promise<CommandEnd> {
  const preloaded = ['--import', isDriving ? compiledFastClock(clock) : compiledFastDates(clock)];
  const child = spawn(process.execPath, [...preloaded, compiledProgram(), 'rollout', ...args], {
    cwd: repository,
    env: { PATH: process.env['PATH'], KUBECONFIG: kubeconfig },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'close');
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  process.off('exit', kill);
  return { status: child.exitCode, stdout, stderr };
}
