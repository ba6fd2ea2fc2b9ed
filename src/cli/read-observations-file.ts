import { readFileSync } from 'node:fs';
import { describeFieldError } from '../domain/errors.js';
import { parseObservations } from '../domain/observations-file.js';
import type { Observations } from '../domain/observations.js';
import { reasonOfFileError } from './file-error.js';

/** An observations file, or the one message that says why it cannot be used. */
export type ReadFile =
  | { readonly ok: true; readonly observations: Observations }
  | { readonly ok: false; readonly message: string };

const shownErrors = 3;

/** Reads one observations file; `-` is standard input. Fails with one readable message that names file and field. */
export function readObservationsFile(file: string): ReadFile {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    return { ok: false, message: `${file}: ${reasonOfFileError(error)}` };
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { ok: false, message: `${file}: not JSON: ${positionOf(text, error)}` };
  }
  const parsed = parseObservations(value);
  if (parsed.ok) return { ok: true, observations: parsed.value };
  const shown = parsed.errors.slice(0, shownErrors).map(describeFieldError).join('; ');
  const more = parsed.errors.length - shownErrors;
  return { ok: false, message: `${file}: ${shown}${more > 0 ? ` (and ${more} more)` : ''}` };
}

/** Line and column of a JSON syntax error, where the engine tells its position. */
function positionOf(text: string, error: unknown): string {
  if (text.trim() === '') return 'the file is empty';
  const message = error instanceof Error ? error.message : 'syntax error';
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return message.replace(/, "[\s\S]*$/, '');
  const before = text.slice(0, Number(position)).split('\n');
  return `syntax error at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
