#!/usr/bin/env node
import { processConsole } from './cli/console.js';
import { runProgram } from './cli/program.js';

// A reader that closes the pipe early (`| head`) is no failure of ours; without one of the messages we go on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runProgram(process.argv.slice(2), { console: processConsole, env: process.env });
