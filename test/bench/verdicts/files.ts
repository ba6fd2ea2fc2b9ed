import { formatted, readRepositoryFile, type GeneratedFiles } from '../../support/pages/repository-files.js';
import { documentOf } from './render/document.js';
import { picturesOf } from './render/pictures.js';
import type { VerdictQuality } from './results.js';

const resultsPath = 'docs/verdict-quality.json';
const pagePath = 'docs/verdict-quality.md';

/** All files that the results make: the results themselves, the page and its pictures. */
export async function filesOf(results: VerdictQuality): Promise<GeneratedFiles> {
  return new Map([
    [resultsPath, await formatted(resultsPath, JSON.stringify(results))],
    [pagePath, await formatted(pagePath, documentOf(results))],
    ...picturesOf(results).map(({ path, svg }) => [`docs/${path}`, svg] as const),
  ]);
}

/** The results as they were written last. */
export function readResults(): VerdictQuality {
  return JSON.parse(readRepositoryFile(resultsPath)) as VerdictQuality;
}
