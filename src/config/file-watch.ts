import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What a watch needs. */
export interface FileWatchParts {
  /** Which files: asked at every look, since a config may name others than the one before. */
  readonly files: () => readonly string[];
  readonly everyMs: number;
  /** Called once for every change that has come to rest. */
  readonly onChange: () => void;
}

/**
 * Looks at the content of files from time to time, until the answer is called. Reading them, instead of asking the
 * file system for events, sees every kind of change alike: Kubernetes swaps a symbolic link above a mounted
 * ConfigMap, editors write a new file in place of the old one. A change counts once two looks have found the same
 * content, so that a file that is just being written is not read halfway.
 */
export function watchFiles({ files, everyMs, onChange }: FileWatchParts): () => void {
  if (everyMs === 0) return () => undefined;
  let known = fingerprint(files());
  let seen = known;
  const timer = setInterval(() => {
    const now = fingerprint(files());
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

/** Names and contents of files as one text; a file that cannot be read counts by the reason. */
function fingerprint(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${file}\0`);
    try {
      hash.update(readFileSync(file));
    } catch (error) {
      hash.update(error instanceof Error && 'code' in error ? String(error.code) : 'unreadable');
    }
    hash.update('\0');
  }
  return hash.digest('base64url');
}
