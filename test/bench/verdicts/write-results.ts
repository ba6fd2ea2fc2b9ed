import { mkdirSync, writeFileSync } from 'node:fs';
import { docs, filesOf } from './files.js';
import type { VerdictQuality } from './results.js';

/** Writes the results and everything that is made from them; gives the paths below the repository. */
export async function writeResults(results: VerdictQuality): Promise<readonly string[]> {
  const files = await filesOf(results);
  for (const [path, text] of files) {
    const file = new URL(path, docs);
    mkdirSync(new URL('./', file), { recursive: true });
    writeFileSync(file, text);
  }
  return [...files.keys()].map((path) => `docs/${path}`);
}
