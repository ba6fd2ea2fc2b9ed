import { raw, type Request, type RequestHandler } from 'express';
import { invalidInput } from '../../domain/errors.js';
import { quote } from '../../domain/parsing.js';
import { failure, success, type Result } from '../../domain/result.js';

/** Reads the body whatever its Content-Type: Argo's `body` sets none. Fails with 413 above the limit. */
export function readBody(limitBytes: number): RequestHandler {
  return raw({ type: () => true, limit: limitBytes }) as RequestHandler;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The JSON object that a body holds.
 * @param example how such an object begins, for who sends another thing
 * @throws VerdictError `invalid-input` where it holds anything else
 */
export function jsonObjectBody(
  request: Request,
  example = '{"model": "…"}',
): Readonly<Record<string, unknown>> {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body) || body.length === 0) throw notAnObject(example, 'got an empty body');
  const parsed = parseJson(body);
  if (!parsed.ok) throw invalidInput(parsed.errors);
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw notAnObject(example, `got ${quote(value, false)}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function notAnObject(example: string, got: string) {
  return invalidInput([{ path: '', message: `the body must be a JSON object such as ${example}, ${got}` }]);
}

function parseJson(body: Buffer): Result<unknown> {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return failure([
      { path: '', message: 'the body must be a JSON object in UTF-8, got bytes that are not UTF-8' },
    ]);
  }
  try {
    return success(JSON.parse(text) as unknown);
  } catch {
    // The parser's own message quotes the body, which is not ours to repeat.
    return failure([{ path: '', message: 'the body must be a JSON object, got text that is not JSON' }]);
  }
}
