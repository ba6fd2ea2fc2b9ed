import { readFile } from 'node:fs/promises';
import { refusal, type Failure } from '../failure.js';

/** What a file holds now. */
export interface FileContent {
  readonly kind: 'content';
  readonly bytes: Buffer;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'permission denied',
};

/** A file larger than this holds no secret and no certificate. */
const largestBytes = 1024 * 1024;

/**
 * A file whose content may change, such as a mounted secret that is rotated. It is read when it is needed and its content is
 * older than `maxAgeMs`, once for all who wait. One that cannot be read is tried again each time.
 */
export class KeptFile {
  readonly file: string;
  /** The setting that names it, for messages. */
  readonly setting: string;
  readonly #maxAgeMs: number;
  #readMs = -Infinity;
  #content: FileContent | undefined;
  #underWay: Promise<FileContent | Failure> | undefined;

  constructor(setting: string, file: string, maxAgeMs: number) {
    this.setting = setting;
    this.file = file;
    this.#maxAgeMs = maxAgeMs;
  }

  /** What it holds. `anew`: what was read before is known to do no longer. */
  read(anew = false): Promise<FileContent | Failure> {
    const isFresh = !anew && performance.now() - this.#readMs < this.#maxAgeMs;
    if (isFresh && this.#content !== undefined) return Promise.resolve(this.#content);
    this.#underWay ??= this.#read().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** A failure that names the file and its setting. */
  refuse(problem: string): Failure {
    return refusal('denied', `cannot be asked: ${this.setting} ${this.file} ${problem}`);
  }

  async #read(): Promise<FileContent | Failure> {
    try {
      const bytes = await readFile(this.file);
      if (bytes.length > largestBytes) return this.refuse('is too large for what it should hold');
      this.#content = { kind: 'content', bytes };
      this.#readMs = performance.now();
      return this.#content;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
      return this.refuse(`cannot be read: ${reasons[code] ?? code}`);
    }
  }
}

/** The secret in a file: its text without the newline that an editor, or echo, puts behind it. */
export async function readSecret(
  file: KeptFile,
  anew: boolean,
): Promise<{ readonly kind: 'secret'; readonly text: string } | Failure> {
  const content = await file.read(anew);
  if (content.kind === 'failure') return content;
  const text = content.bytes.toString('utf8').replace(/[\r\n]+$/, '');
  if (text === '') return file.refuse('holds nothing');
  if (/[\r\n\0]/.test(text)) return file.refuse('holds more than one line');
  return { kind: 'secret', text };
}

/** The same for one that goes into a header as it is. */
export async function readHeaderSecret(
  file: KeptFile,
  anew: boolean,
): Promise<{ readonly kind: 'secret'; readonly text: string } | Failure> {
  const secret = await readSecret(file, anew);
  if (secret.kind === 'failure' || /^[\x20-\x7e]+$/.test(secret.text)) return secret;
  return file.refuse('holds characters that no header can have');
}
