import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { fileURLToPath } from 'node:url';
import { documentOf } from './render/document.js';
import { picturesOf } from './render/pictures.js';
import type { VerdictQuality } from './results.js';

/** Everything that the benchmark writes lies here. */
export const docs = new URL('../../../docs/', import.meta.url);

const resultsFile = 'verdict-quality.json';

/** All files that the results make, by their place below docs: the results, the document and its pictures. */
export async function filesOf(results: VerdictQuality): Promise<ReadonlyMap<string, string>> {
  return new Map([
    [resultsFile, await prettily(JSON.stringify(results), resultsFile)],
    ['verdict-quality.md', await prettily(documentOf(results), 'verdict-quality.md')],
    ...picturesOf(results).map(({ file, svg }) => [`pictures/verdict-quality/${file}`, svg] as const),
  ]);
}

/** The results as they were written last. */
export function readResults(): VerdictQuality {
  return JSON.parse(readFileSync(new URL(resultsFile, docs), 'utf8')) as VerdictQuality;
}

async function prettily(text: string, path: string): Promise<string> {
  const filepath = fileURLToPath(new URL(path, docs));
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}
