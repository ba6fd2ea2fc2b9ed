import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import type { FastClock } from './fast-clock.js';

let compiled: string | undefined;

/**
 * What a program has to preload so that time passes for it as this clock says, timers included. Compiled, so that
 * nothing else is loaded that would take time and memory of its own.
 */
export function compiledFastClock(clock: FastClock): string {
  return compiledFrom(clock.preloadedWithTimers);
}

/** The same for a program that knows the fast time, but waits in real time. */
export function compiledFastDates(clock: FastClock): string {
  return compiledFrom(clock.preloaded);
}

function compiledFrom(preloaded: string): string {
  compiled ??= compile();
  return `${compiled}${new URL(preloaded, 'file:///').search}`;
}

function compile(): string {
  const source = readFileSync(fileURLToPath(new URL('./fast-clock.ts', import.meta.url)), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-clock-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, 'fast-clock.mjs');
  writeFileSync(file, outputText);
  return pathToFileURL(file).href;
}
