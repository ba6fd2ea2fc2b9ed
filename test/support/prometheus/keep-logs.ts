import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = join(tmpdir(), 'ml-verdict-logs');

/** What a process said. */
export interface ProcessLog {
  readonly name: string;
  readonly pid: number | undefined;
  readonly log: readonly string[];
}

/** Writes down what processes said where a test of the present suite has not passed, also for want of them, and says where. */
export function keepLogs(processes: () => readonly ProcessLog[]): void {
  let hasFailed = false;
  afterEach(function () {
    hasFailed ||= this.currentTest?.state === 'failed';
  });
  after(function () {
    // None has a state where something failed before the first of them.
    hasFailed ||= this.test?.parent?.tests.every(({ state }) => state === undefined) === true;
    if (!hasFailed) return;
    mkdirSync(folder, { recursive: true });
    for (const { name, pid, log } of processes()) {
      const file = join(folder, `${name}-${pid ?? 'ended'}.log`.toLowerCase());
      writeFileSync(file, log.join('\n'));
      process.stderr.write(`the log of ${name} is in ${file}\n`);
    }
  });
}
