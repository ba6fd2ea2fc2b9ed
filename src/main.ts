#!/usr/bin/env node
import { processConsole } from './cli/console.js';
import { exitStatus } from './cli/exit-status.js';
import { runProgram } from './cli/program.js';

/** What a shell reports of a program that wrote into a closed pipe: neither a verdict nor a refusal. */
const brokenPipe = 141;

/** Ends with one message: a status of 1 would say "rollback", and a stack trace helps nobody who reads a terminal. */
function fail(error: unknown): never {
  process.stderr.write(`ml-verdict: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(exitStatus.refused);
}

// A reader that closes the pipe early (`| head`) is no failure of ours; without one of the messages we go on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(brokenPipe);
  fail(error);
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.exit(exitStatus.refused);
});
process.on('uncaughtException', fail);

try {
  process.exitCode = await runProgram(process.argv.slice(2), { console: processConsole, env: process.env });
} catch (error) {
  fail(error);
}
