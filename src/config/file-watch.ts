import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What a watch needs. */
export interface FileWatchParts {
  /** Which files: asked at every look, since a config may name others than the one before. */
  readonly files: () => readonly string[];
  readonly everyMs: number;
  /** Called once for every change that has come to rest. */
  readonly onChange: () => void;
  /** Reads a file; absent: from the disk. */
  readonly read?: (file: string) => Uint8Array;
}

/**
 * Looks at the content of files from time to time, until the answer is called. Reading them, instead of asking the
 * file system for events, sees every kind of change alike: Kubernetes swaps a symbolic link above a mounted
 * ConfigMap, editors write a new file in place of the old one. A change counts once two looks have found the same
 * content, so that a file that is just being written is not read halfway. While the process has no file handle to spare
 * nothing is found out.
 */
export function watchFiles({ files, everyMs, onChange, read = readFileSync }: FileWatchParts): () => void {
  if (everyMs === 0) return () => undefined;
  let known = fingerprint(files(), read);
  let seen = known;
  const timer = setInterval(() => {
    const now = fingerprint(files(), read);
    if (now === undefined) return;
    if (now === seen && now !== known) {
      known = now;
      onChange();
    }
    seen = now;
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** Too many open files, in the process or on the machine: this says nothing of the file. */
const noHandle: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE']);

/** Names and contents of files as one text; a file that cannot be read counts by the reason, unless that is ours. */
function fingerprint(files: readonly string[], read: (file: string) => Uint8Array): string | undefined {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${file}\0`);
    try {
      hash.update(read(file));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
      if (noHandle.has(code)) return undefined;
      hash.update(code);
    }
    hash.update('\0');
  }
  return hash.digest('base64url');
}
