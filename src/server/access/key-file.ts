import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { failure, success, type Result } from '../../domain/result.js';
import { isKeySet } from './key-set.js';
import { readReason } from './read-reason.js';

/** The keys of a file. Fails with the name of the file; what it holds is never told. */
export async function readKeyFile(file: string, path: string): Promise<Result<JWTVerifyGetKey>> {
  const refuse = (problem: string) => failure<JWTVerifyGetKey>([{ path, message: `${file}${problem}` }]);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return failure([{ path, message: `${file} cannot be read: ${readReason(error)}`, unreadable: true }]);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!isKeySet(value))
    return refuse(': expected a JSON Web Key Set such as {"keys": […]}, got something else');
  if (value.keys.length === 0) return refuse(': expected a key at least, got none');
  if (value.keys.some((key) => 'd' in key || 'k' in key)) {
    return refuse(': expected public keys only, got a private or a shared one');
  }
  return success(createLocalJWKSet(value as unknown as JSONWebKeySet));
}
