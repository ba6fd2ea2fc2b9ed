import { readFileSync } from 'node:fs';
import { describeFieldError } from '../domain/errors.js';
import { parseObservations } from '../domain/observations-file.js';
import type { Observations } from '../domain/observations.js';
import { reasonOfFileError } from './file-error.js';
import { jsonErrorIndex } from './json-syntax-error.js';

/** An observations file, or the one message that says why it cannot be used. */
export type ReadFile =
  | { readonly ok: true; readonly observations: Observations }
  | { readonly ok: false; readonly message: string };

const shownErrors = 3;

/** The first two bytes of a gzip file. */
const gzipStart = [0x1f, 0x8b];

/** Reads one observations file; `-` is standard input. Fails with one readable message that names file and field. */
export function readObservationsFile(file: string): ReadFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    return { ok: false, message: `${file}: ${reasonOfFileError(error)}` };
  }
  const text = decode(bytes);
  if (text === undefined) {
    const compressed = gzipStart.every((byte, index) => bytes[index] === byte);
    const reason = compressed ? 'it is compressed with gzip; unpack it first' : 'it is no UTF-8 text';
    return { ok: false, message: `${file}: not JSON: ${reason}` };
  }
  const json = text.replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { ok: false, message: `${file}: not JSON: ${syntaxErrorOf(json, error)}` };
  }
  const parsed = parseObservations(value);
  if (parsed.ok) return { ok: true, observations: parsed.value };
  const shown = parsed.errors.slice(0, shownErrors).map(describeFieldError).join('; ');
  const more = parsed.errors.length - shownErrors;
  return { ok: false, message: `${file}: ${shown}${more > 0 ? ` (and ${more} more)` : ''}` };
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What is no JSON about a text, with its line and column. */
function syntaxErrorOf(json: string, error: unknown): string {
  if (json.trim() === '') return 'the file is empty';
  const index = jsonErrorIndex(json);
  if (index === undefined) return error instanceof Error ? error.message : 'syntax error';
  const before = json.slice(0, index).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  const found = /^(?:[\w.+-]{1,20}|.)/su.exec(json.slice(index, index + 20))?.[0];
  return found === undefined
    ? `it ends too early, at ${place}`
    : `unexpected ${JSON.stringify(found)} at ${place}`;
}
