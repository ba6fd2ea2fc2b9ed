import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoopbackProcess } from './loopback-process.js';

const folder = join(tmpdir(), 'ml-verdict-logs');

/** Writes down what processes said once a test of the present suite has failed, and says where. */
export function keepLogs(processes: () => readonly LoopbackProcess[]): void {
  let hasFailed = false;
  afterEach(function () {
    hasFailed ||= this.currentTest?.state === 'failed';
  });
  after(() => {
    if (!hasFailed) return;
    mkdirSync(folder, { recursive: true });
    for (const { name, pid, log } of processes()) {
      const file = join(folder, `${name}-${pid}.log`.toLowerCase());
      writeFileSync(file, log.join('\n'));
      process.stderr.write(`the log of ${name} is in ${file}\n`);
    }
  });
}
