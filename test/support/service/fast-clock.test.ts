import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { FastClock } from './fast-clock.js';
import { repository } from './compiled-program.js';

/** Waits an hour in each way there is, and says how long that took by its clock. */
const program = `
import { setTimeout as pause } from 'node:timers/promises';
import { setTimeout as named } from 'node:timers';
import { promisify } from 'node:util';
const hour = 3_600_000;
const sinceMs = Date.now();
await pause(hour);
await new Promise((resolve) => setTimeout(resolve, hour));
await new Promise((resolve) => named(resolve, hour));
await promisify(setTimeout)(hour);
await new Promise((resolve) => {
  const interval = setInterval(() => {
    clearInterval(interval);
    resolve();
  }, hour);
});
console.log((Date.now() - sinceMs) / hour);
`;

describe('a fast clock', () => {
  it('shortens every wait of a program that preloads it with timers', async () => {
    const clock = new FastClock({ factor: 100_000, fromMs: Date.now() });
    const args = [
      '--import',
      'tsx',
      '--import',
      clock.preloadedWithTimers,
      '--input-type=module',
      '-e',
      program,
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: repository });
    assert.ok(Number(stdout) >= 5, `five hours were ${stdout}`);
  });
});
