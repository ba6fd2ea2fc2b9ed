import { readFile } from 'node:fs/promises';
import type { Config } from '../../config/index.js';
import type { FieldError } from '../../domain/errors.js';
import { failure, success, type Result } from '../../domain/result.js';
import { isBearerToken } from './bearer-token.js';
import { Caller } from './caller.js';
import { readReason } from './read-reason.js';
import { hashOf, TokenTable, type KnownToken } from './token-table.js';

const shortestToken = 16;

interface ReadToken {
  readonly token: string;
  readonly file: string;
}

/** Reads the tokens of all callers. Fails with every file that holds none; what a file holds is never told. */
export async function readTokenFiles({ access }: Pick<Config, 'access'>): Promise<Result<TokenTable>> {
  const errors: FieldError[] = [];
  const known: KnownToken[] = [];
  const owners = new Map<string, { readonly name: string; readonly file: string }>();
  for (const [index, settings] of access.tokens.entries()) {
    const caller = new Caller(settings.name, [settings]);
    for (const [number, file] of settings.files.entries()) {
      const path = `access.tokens[${index}].files[${number}]`;
      const read = await readToken(file, path);
      if (!read.ok) {
        errors.push(...read.errors);
        continue;
      }
      const { token } = read.value;
      const owner = owners.get(token);
      if (owner === undefined) {
        owners.set(token, { name: settings.name, file });
        known.push({ hash: hashOf(token), caller });
      } else if (owner.name !== settings.name) {
        const message = `${file}: expected a token of its own for ${settings.name}, got the one of ${owner.name} in ${owner.file}`;
        errors.push({ path, message });
      }
    }
  }
  return errors.length > 0 ? failure(errors) : success(new TokenTable(known));
}

async function readToken(file: string, path: string): Promise<Result<ReadToken>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return failure([{ path, message: `${file} cannot be read: ${readReason(error)}`, unreadable: true }]);
  }
  // An editor, or echo, puts a newline behind it.
  const token = text.replace(/[\r\n]+$/, '');
  const problem = problemOfToken(token);
  return problem === undefined
    ? success({ token, file })
    : failure([{ path, message: `${file}: ${problem}` }]);
}

function problemOfToken(token: string): string | undefined {
  if (token === '') return 'expected a token, got an empty file';
  if (token.length < shortestToken) {
    return `expected a token of at least ${shortestToken} characters, got ${token.length}`;
  }
  if (isBearerToken(token)) return undefined;
  return 'expected one token of letters, digits and - . _ ~ + /, at most 8,000 characters, got something else';
}
